import { copyNode } from './copy-node.ts';
import { Graph, type OperatorNode, type Value } from './graph.ts';

/**
 * Builds something else for a node, in the new graph, on the new inputs; gives as many outputs, of the same types and
 * shapes. Undefined keeps the node as it is.
 */
export type Replacement = (
  node: OperatorNode,
  inputs: readonly (Value | undefined)[],
  target: Graph,
) => readonly Value[] | undefined;

/**
 * Adds constants and nodes of a graph to another, under their names where these are free.
 *
 * @param copies what each value is in the target: the inputs beforehand, everything afterwards.
 * @param replace see `Replacement`. Default: every node is kept.
 */
export function copyGraph(
  graph: Graph,
  target: Graph,
  copies: Map<Value, Value>,
  replace: Replacement = () => undefined,
): void {
  for (const constant of graph.constants) {
    if (constant.origin.kind === 'constant')
      copies.set(constant, target.constant(constant.origin.tensor, constant.name));
  }
  const copyOf = (value: Value | undefined) => value && copies.get(value);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(copyOf);
    const outputs =
      (node.kind === 'operator' ? replace(node, inputs, target) : undefined) ?? copyNode(node, inputs, target);
    for (const [index, output] of node.outputs.entries()) copies.set(output, outputs[index]);
  }
}

/**
 * A copy of a graph with some nodes replaced. Inputs, outputs, constants and metadata keep their names.
 *
 * @param copies is filled with what each value has become.
 */
export function rewriteGraph(graph: Graph, replace: Replacement, copies = new Map<Value, Value>()): Graph {
  const target = new Graph();
  for (const { name, type, shape } of graph.inputs) target.input(name, type, shape);
  for (const [index, input] of graph.inputs.entries()) copies.set(input, target.inputs[index]);
  copyGraph(graph, target, copies, replace);
  for (const [name, value] of graph.outputs) target.output(name, copies.get(value)!);
  for (const [key, value] of graph.metadata) target.metadata.set(key, value);
  return target;
}
