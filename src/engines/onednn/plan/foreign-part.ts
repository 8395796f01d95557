import { copyNode } from '../../../graph/builder/copy-node.ts';
import { Graph, type Node, type Value } from '../../../graph/builder/graph.ts';
import { constantOf } from '../../../graph/builder/value.ts';

/** A part of a graph as a graph of its own, for the other engine. */
export interface ForeignPart {
  readonly graph: Graph;
  /** What it reads and does not make, by the name of its input: inputs of the whole, and results of other parts. */
  readonly inputs: ReadonlyMap<string, Value>;
}

/**
 * Copies nodes into a graph of their own. What they read of other parts becomes inputs, under the names of the values;
 * constants are copied.
 *
 * @param outputs the values that the part has to give, each under a name; not all have to be made by its nodes.
 */
export function foreignPart(
  nodes: readonly Node[],
  outputs: readonly (readonly [name: string, value: Value])[],
): ForeignPart {
  const graph = new Graph();
  const copies = new Map<Value, Value>();
  const inputs = new Map<string, Value>();
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const read = [...nodes.flatMap((node) => node.inputs), ...outputs.map(([, value]) => value)];
  for (const value of read) {
    if (value === undefined || made.has(value) || copies.has(value)) continue;
    const constant = constantOf(value);
    if (constant !== undefined) {
      copies.set(value, graph.constant(constant, value.name));
      continue;
    }
    copies.set(value, graph.input(value.name, value.type, value.shape));
    inputs.set(value.name, value);
  }
  for (const node of nodes) {
    const given = node.inputs.map((value) => value && copies.get(value));
    for (const [index, copy] of copyNode(node, given, graph).entries()) copies.set(node.outputs[index], copy);
  }
  for (const [name, value] of outputs) graph.output(name, copies.get(value)!);
  return { graph, inputs };
}
