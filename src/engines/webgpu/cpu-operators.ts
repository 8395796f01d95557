import type { Graph, OperatorNode } from '../../graph/builder/graph.ts';
import { neededParts } from '../../graph/export/needed.ts';
import type { OperatorName } from '../../graph/operators/operator.ts';
import type { ElementType } from '../../graph/tensor/element-type.ts';
import { webGpuForm } from './webgpu-form.ts';

/** Operators for which onnxruntime's WebGPU provider (1.30) has no kernel, whatever the elements. */
const withoutKernel: ReadonlySet<OperatorName> = new Set([
  'AffineGrid',
  'ConstantOfShape',
  'Dropout',
  'MaxUnpool',
  'Or',
  'QuantizeLinear',
]);

/** Operators that have kernels for 32 bits alone: int64, float64 and truth values are reckoned by the CPU. */
const of32Bits: ReadonlySet<OperatorName> = new Set([
  'Add',
  'Concat',
  'Div',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Identity',
  'Less',
  'LessOrEqual',
  'Mul',
  'Neg',
  'Pow',
  'Range',
  'Sub',
  'TopK',
  'Where',
]);

/**
 * The operators of a graph that the CPU runs where WebGPU is chosen, each once, in alphabetical order: what WebGPU has no kernel
 * for after `webGpuForm`. Between them and the others tensors are copied. Foreign operators are not known.
 */
export function cpuOperators(graph: Graph): readonly OperatorName[] {
  const { nodes } = neededParts(webGpuForm(graph));
  const known = nodes.filter((node): node is OperatorNode => node.kind === 'operator');
  return [...new Set(known.filter(isOnCpu).map(({ op }) => op))].sort();
}

function isOnCpu({ op, inputs }: OperatorNode): boolean {
  const types = inputs.map((input) => input?.type);
  if (withoutKernel.has(op) || types.includes('float64')) return true;
  return of32Bits.has(op) && reckoned(op, types).some((type) => type === 'int64' || type === 'bool');
}

/** The types of the inputs that are reckoned with: not of a condition, nor of a number of elements. */
function reckoned(op: OperatorName, types: readonly (ElementType | undefined)[]): readonly (ElementType | undefined)[] {
  if (op === 'Where') return types.slice(1);
  return op === 'TopK' ? types.slice(0, 1) : types;
}
