import { copyNode } from './copy-node.ts';
import { Graph, type Value } from './graph.ts';

/**
 * A copy of a graph whose named lengths (a batch, a picture's sides) are known: its shapes are inferred anew. Names of
 * inputs, outputs and nodes stay, and so does metadata.
 *
 * @param lengths by name; a name that is not in it stays a name.
 * @throws GraphError if operators cannot have such lengths.
 */
export function withLengths(graph: Graph, lengths: ReadonlyMap<string, number>): Graph {
  const target = new Graph();
  const copies = new Map<Value, Value>();
  const sized = ({ shape }: Value) => shape.map((length) => lengths.get(String(length)) ?? length);
  for (const input of graph.inputs) copies.set(input, target.input(input.name, input.type, sized(input)));
  for (const constant of graph.constants) {
    if (constant.origin.kind === 'constant')
      copies.set(constant, target.constant(constant.origin.tensor, constant.name));
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((value) => value && copies.get(value));
    const types = node.outputs.map((output) => ({ type: output.type, shape: sized(output) }));
    for (const [index, output] of copyNode(node, inputs, target, { types }).entries())
      copies.set(node.outputs[index], output);
  }
  for (const [name, value] of graph.outputs) target.output(name, copies.get(value)!);
  for (const [key, value] of graph.metadata) target.metadata.set(key, value);
  return target;
}
