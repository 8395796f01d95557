import type { Graph, Node, OperatorNode, Value } from '../../src/graph/builder/graph.ts';
import { constantOf } from '../../src/graph/builder/value.ts';
import { schemaOf } from '../../src/graph/operators/operator.ts';
import { formatShape, sizeOf } from '../../src/graph/tensor/shape.ts';
import { type Tensor, toNumbers } from '../../src/graph/tensor/tensor.ts';

/** Constants of at most this many elements are printed whole. */
const mostElementsShown = 8;

/**
 * A graph as text, for people and tests: inputs, constants, nodes in their order and outputs, one a line, each value with its
 * type and shape.
 *
 * ```
 * input x: float32[N, 3]
 * constant w: float32[3, 2]
 * Gemm.out: float32[N, 2] = Gemm(x, w) {alpha: 0.5}
 * output y = Gemm.out
 * ```
 *
 * Attributes that have their default are left out, an input that is not given is `_`, and an opaque node has its domain
 * before its operator and `opaque` behind it.
 */
export function printGraph(graph: Graph): string {
  return [
    ...[...graph.metadata].map(([key, value]) => `metadata ${key} = ${JSON.stringify(value)}`),
    ...graph.inputs.map((value) => `input ${typed(value)}`),
    ...graph.constants.map((value) => `constant ${typed(value)}${elements(constantOf(value)!)}`),
    ...graph.nodes.map(nodeLine),
    ...[...graph.outputs].map(([name, value]) => `output ${name} = ${value.name}`),
  ].join('\n');
}

function typed({ name, type, shape }: Value): string {
  return `${name}: ${type}${formatShape(shape)}`;
}

function elements(tensor: Tensor): string {
  return sizeOf(tensor.shape) <= mostElementsShown ? ` = ${toNumbers(tensor).join(', ')}` : '';
}

function nodeLine(node: Node): string {
  const inputs = node.inputs.map((input) => input?.name ?? '_').join(', ');
  const operator = node.kind === 'opaque' && node.domain !== '' ? `${node.domain}.${node.op}` : node.op;
  const rest = node.kind === 'opaque' ? ' opaque' : attributesOf(node);
  return `${node.outputs.map(typed).join(', ')} = ${operator}(${inputs})${rest}`;
}

function attributesOf(node: OperatorNode): string {
  const schemas = schemaOf(node.op).attributes;
  const shown = Object.entries(node.attributes)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(schemas[name].default))
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`);
  return shown.length === 0 ? '' : ` {${shown.join(', ')}}`;
}
