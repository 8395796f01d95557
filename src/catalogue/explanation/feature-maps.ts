import type { Graph, Node, Value } from '../../graph/builder/graph.ts';

/** True of a value with several places in both directions: [N, channels, h, w]. */
function hasPlaces({ shape }: Value): boolean {
  const [, , height, width] = shape;
  return shape.length === 4 && Number(height) > 1 && Number(width) > 1;
}

/**
 * The last feature maps of a network: on each way from the picture to the embedding the last value that has places, [N, channels,
 * h, w]; the ConvNet's, and those of low-resolution paths and contours.
 *
 * @returns in the graph's order; none where a network has no such values, as one of tokens.
 */
export function lastFeatureMaps(graph: Graph, embedding: Value): Value[] {
  const needed = new Set<Value>([embedding]);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) if (input !== undefined) needed.add(input);
  }
  const maps = new Set<Value>();
  for (const node of nodes) {
    if (node.outputs.some(hasPlaces)) continue;
    for (const input of node.inputs)
      if (input?.origin.kind === 'node' && input.type === 'float32' && hasPlaces(input)) maps.add(input);
  }
  return graph.nodes.flatMap(({ outputs }) => outputs.filter((output) => maps.has(output)));
}
