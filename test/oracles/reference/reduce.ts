import { normalizeAxis } from '../../../src/graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { float64, floats, fromIntegers, given, larger, optionalNumbers, smaller, toIntegers } from './operands.ts';
import { gridPositions, linesAlong, shapeOffsets } from './positions.ts';
import type { ReferenceContext, ReferenceRules } from './rule.ts';
import { topK } from './top-k.ts';

type Reduction = 'ReduceLogSumExp' | 'ReduceMax' | 'ReduceMean' | 'ReduceMin' | 'ReduceSum';

/** Collects each group of elements that is reduced to one, and reduces it. Without axes, all axes are reduced. */
function reduction(onNumbers: (group: Float64Array) => number, onIntegers?: (group: readonly bigint[]) => bigint) {
  return (context: ReferenceContext<Reduction>): Tensor[] => {
    const x = given(context, 0);
    const { shape } = x;
    const named = optionalNumbers(context, 1) ?? [];
    if (named.length === 0 && context.attributes.noopWithEmptyAxes === 1) return [x];
    const reduced = new Set(named.length === 0 ? shape.keys() : named.map((axis) => normalizeAxis(axis, shape.length)));
    const offsets = shapeOffsets(shape);
    const starts = gridPositions(offsets.filter((_, axis) => !reduced.has(axis)));
    const within = gridPositions(offsets.filter((_, axis) => reduced.has(axis)));
    const kept = context.attributes.keepdims === 1;
    const result = shape.flatMap((length, axis) => (!reduced.has(axis) ? [length] : kept ? [1] : []));
    if (x.type === 'float64') {
      const group = new Float64Array(within.length);
      const reduce = (start: number) => {
        for (let i = 0; i < group.length; i++) group[i] = x.data[start + within[i]];
        return onNumbers(group);
      };
      return [float64(result, starts.map(reduce))];
    }
    if (onIntegers === undefined) throw new Error(`${context.op} is defined for floating inputs only, got ${x.type}`);
    const values = toIntegers(x);
    const groups = Array.from(starts, (start) => Array.from(within, (position) => values[start + position]));
    return [fromIntegers(x.type, result, groups.map(onIntegers))];
  };
}

const sum = (group: Float64Array) => group.reduce((total, x) => total + x, 0);
const largest = (group: Float64Array) => group.reduce((a, b) => Math.max(a, b), -Infinity);
const smallest = (group: Float64Array) => group.reduce((a, b) => Math.min(a, b), Infinity);

/** `log(sum(exp(x)))`, by the largest element, so that nothing overflows; an infinite largest element is the result. */
function logSumExp(group: Float64Array): number {
  const shift = largest(group);
  if (!Number.isFinite(shift)) return shift;
  return shift + Math.log(group.reduce((total, x) => total + Math.exp(x - shift), 0));
}

/** `x - log(sum(exp(x)))` along an axis. */
function logSoftmax(context: ReferenceContext<'LogSoftmax' | 'Softmax'>): Float64Array {
  const x = floats(context, 0);
  const { starts, length, step } = linesAlong(x.shape, normalizeAxis(context.attributes.axis, x.shape.length));
  const y = new Float64Array(x.data.length);
  const line = new Float64Array(length);
  for (const start of starts) {
    for (let i = 0; i < length; i++) line[i] = x.data[start + i * step];
    const total = logSumExp(line);
    for (let i = 0; i < length; i++) y[start + i * step] = line[i] - total;
  }
  return y;
}

/** The place of the largest element; of equal ones the first, or the last if asked. */
function argMax(context: ReferenceContext<'ArgMax'>): Tensor[] {
  const x = given(context, 0);
  const axis = normalizeAxis(context.attributes.axis, x.shape.length);
  const { starts, length, step } = linesAlong(x.shape, axis);
  const result = BigInt64Array.from(starts, (start) => {
    let best = 0;
    for (let i = 1; i < length; i++) {
      const candidate = x.data[start + i * step];
      const leader = x.data[start + best * step];
      if (candidate > leader || (candidate === leader && context.attributes.selectLastIndex === 1)) best = i;
    }
    return BigInt(best);
  });
  const kept = context.attributes.keepdims === 1 ? [1] : [];
  return [tensor('int64', x.shape.toSpliced(axis, 1, ...kept), result)];
}

/** Reductions and their relatives as ONNX defines them. */
export const reduce = {
  ArgMax: argMax,
  LogSoftmax: (context) => [float64(floats(context, 0).shape, logSoftmax(context))],
  ReduceLogSumExp: reduction(logSumExp),
  ReduceMax: reduction(largest, (group) => group.reduce((a, b) => larger(a, b))),
  ReduceMean: reduction(
    (group) => sum(group) / group.length,
    (group) => group.reduce((a, b) => a + b, 0n) / BigInt(group.length),
  ),
  ReduceMin: reduction(smallest, (group) => group.reduce((a, b) => smaller(a, b))),
  ReduceSum: reduction(sum, (group) => group.reduce((a, b) => a + b, 0n)),
  Softmax: (context) => [float64(floats(context, 0).shape, logSoftmax(context).map(Math.exp))],
  TopK: topK,
} satisfies Partial<ReferenceRules>;
