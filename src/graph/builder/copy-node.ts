import type { AttributesToGive, OperatorName } from '../operators/operator.ts';
import type { ValueType } from '../shape-inference/rule.ts';
import type { Graph, Node, Value } from './graph.ts';

/**
 * The same node in another graph, on other inputs; gives its outputs there. Shapes are inferred anew; a foreign operator's
 * outputs have the types and shapes of `types`. Default: as they were.
 */
export function copyNode(
  node: Node,
  inputs: readonly (Value | undefined)[],
  target: Graph,
  { name = node.name, types = node.outputs }: { readonly name?: string; readonly types?: readonly ValueType[] } = {},
): Value[] {
  if (node.kind === 'opaque') return target.applyOpaque({ ...node, name, inputs }, types);
  return target.apply<OperatorName>(node.op, inputs, node.attributes as AttributesToGive<OperatorName>, {
    name,
    outputs: node.outputs.length,
  });
}
