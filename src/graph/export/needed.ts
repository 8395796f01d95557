import type { Graph, Node, Value } from '../builder/graph.ts';
import { producerOf } from '../builder/value.ts';

/** What of a graph some values depend on, themselves included. Everything is in the graph's own order. */
export interface NeededParts {
  readonly inputs: readonly Value[];
  readonly constants: readonly Value[];
  readonly nodes: readonly Node[];
}

/** What has to exist and to run so that `values` (default: the graph's outputs) can be computed. */
export function neededParts(graph: Graph, values: Iterable<Value> = graph.outputs.values()): NeededParts {
  const neededValues = new Set<Value>(values);
  const neededNodes = new Set<Node>();
  // A set that grows while it is walked is walked to its end.
  for (const value of neededValues) {
    const node = producerOf(value);
    if (node === undefined || neededNodes.has(node)) continue;
    neededNodes.add(node);
    for (const input of node.inputs) {
      if (input !== undefined) neededValues.add(input);
    }
  }
  return {
    inputs: graph.inputs.filter((input) => neededValues.has(input)),
    constants: graph.constants.filter((constant) => neededValues.has(constant)),
    nodes: graph.nodes.filter((node) => neededNodes.has(node)),
  };
}
