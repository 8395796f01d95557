import type { Node } from '../../graph/builder/graph.ts';
import { producerOf } from '../../graph/builder/value.ts';

/**
 * The order in which onnxruntime runs the nodes of a file, given in the file's order, when it rewrites none: depth first
 * from the nodes whose results no node reads, the last of them first, and before each node those it reads from, again the
 * last first.
 *
 * So a file that lists nodes from last to first is run nearly as it was built: the first result is computed with all that it
 * needs, then the second. Listed in the usual order, a training step would run back to the first layer's gradient before
 * any other, with the gradients of all layers' values waiting in memory.
 *
 * Source: onnxruntime, `GraphViewer` (graph_viewer.cc) and `Graph::ReverseDFSFrom` (graph.cc), default execution order.
 */
export function executionOrder(fileOrder: readonly Node[]): Node[] {
  const place = new Map(fileOrder.map((node, index) => [node, index]));
  const producers = new Map(fileOrder.map((node) => [node, producersOf(node, place)]));
  const read = new Set([...producers.values()].flat());
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack = fileOrder.filter((node) => !read.has(node)).map((node) => ({ node, ready: false }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, ready } = next;
    if (ready) {
      order.push(node);
      continue;
    }
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push({ node, ready: true });
    for (const producer of producers.get(node)!) stack.push({ node: producer, ready: false });
  }
  return order;
}

/** The nodes that a node reads from, in the order of the file. */
function producersOf(node: Node, place: ReadonlyMap<Node, number>): Node[] {
  const producers = new Set(node.inputs.flatMap((value) => (value && producerOf(value)) ?? []));
  return [...producers].filter((producer) => place.has(producer)).sort((a, b) => place.get(a)! - place.get(b)!);
}
