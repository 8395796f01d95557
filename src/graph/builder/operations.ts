import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { AttributesToGive } from '../operators/operator.ts';
import { type ElementType, isFloating } from '../tensor/element-type.ts';
import { normalizeAxis, type Shape } from '../tensor/shape.ts';
import { int64Vector, type Tensor, tensor } from '../tensor/tensor.ts';
import type { Value } from './graph.ts';

// Builders in the words of ONNX, for whoever writes a formula: one function an operator, no attribute that a formula does
// not need. A plain number may stand for a constant scalar of the other operand's type.

export type Operand = Value | number;

/** A constant scalar of `like`'s type. */
export function scalar(like: Value, value: number): Value {
  return like.graph.constant(scalarTensor(like.type, value), `scalar_${value}`);
}

/** A constant one-axis int64 value: shapes, axes, pads. */
export function int64(like: Value, values: readonly number[], name = 'int64'): Value {
  return like.graph.constant(int64Vector(values), name);
}

function scalarTensor(type: ElementType, value: number): Tensor {
  if (type === 'int64') return tensor('int64', [], BigInt64Array.of(BigInt(value)));
  const made = tensor(type as Exclude<ElementType, 'int64'>, []);
  made.data[0] = value;
  return made as Tensor;
}

function binary(
  op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Equal' | 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual',
) {
  return (a: Operand, b: Operand): Value => {
    if (typeof a === 'number') {
      if (typeof b === 'number') throw new GraphError(`${op} of two plain numbers needs no graph`);
      return b.graph.apply(op, [scalar(b, a), b], {})[0];
    }
    return a.graph.apply(op, [a, typeof b === 'number' ? scalar(a, b) : b], {})[0];
  };
}

function unary(
  op:
    | 'Abs'
    | 'Ceil'
    | 'Erf'
    | 'Exp'
    | 'Floor'
    | 'HardSwish'
    | 'Identity'
    | 'Log'
    | 'Neg'
    | 'Not'
    | 'Reciprocal'
    | 'Relu'
    | 'Sigmoid'
    | 'Sign'
    | 'Softplus'
    | 'Sqrt'
    | 'Tanh'
    | 'GlobalAveragePool'
    | 'GlobalMaxPool',
) {
  return (x: Value): Value => x.graph.apply(op, [x], {})[0];
}

export const add = binary('Add');
export const sub = binary('Sub');
export const mul = binary('Mul');
export const div = binary('Div');
export const pow = binary('Pow');
export const equal = binary('Equal');
export const greater = binary('Greater');
export const greaterOrEqual = binary('GreaterOrEqual');
export const less = binary('Less');
export const lessOrEqual = binary('LessOrEqual');

export const abs = unary('Abs');
export const ceil = unary('Ceil');
export const erf = unary('Erf');
export const exp = unary('Exp');
export const floor = unary('Floor');
export const globalAveragePool = unary('GlobalAveragePool');
export const globalMaxPool = unary('GlobalMaxPool');
export const hardSwish = unary('HardSwish');
export const identity = unary('Identity');
export const log = unary('Log');
export const neg = unary('Neg');
export const not = unary('Not');
export const reciprocal = unary('Reciprocal');
export const relu = unary('Relu');
export const sigmoid = unary('Sigmoid');
export const sign = unary('Sign');
export const softplus = unary('Softplus');
export const sqrt = unary('Sqrt');
export const tanh = unary('Tanh');

export const and = (a: Value, b: Value): Value => a.graph.apply('And', [a, b], {})[0];
export const or = (a: Value, b: Value): Value => a.graph.apply('Or', [a, b], {})[0];
/** The largest of both, element by element. */
export const max = (a: Value, b: Operand): Value =>
  a.graph.apply('Max', [a, typeof b === 'number' ? scalar(a, b) : b], {})[0];
/** The smallest of both, element by element. */
export const min = (a: Value, b: Operand): Value =>
  a.graph.apply('Min', [a, typeof b === 'number' ? scalar(a, b) : b], {})[0];

/** `condition ? a : b`, element by element. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const like = typeof a === 'number' ? b : a;
  if (typeof like === 'number') throw new GraphError('Where of two plain numbers: make one of them a value');
  const operand = (x: Operand) => (typeof x === 'number' ? scalar(like, x) : x);
  return condition.graph.apply('Where', [condition, operand(a), operand(b)], {})[0];
}

/** `max(0, min(1, alpha x + beta))`. */
export const hardSigmoid = (x: Value, alpha: number, beta: number): Value =>
  x.graph.apply('HardSigmoid', [x], { alpha, beta })[0];

/** Elements below `low` become `low`, above `high` become `high`. */
export const clip = (x: Value, low: number, high: number): Value =>
  x.graph.apply('Clip', [x, scalar(x, low), scalar(x, high)], {})[0];

export const cast = (x: Value, to: ElementType): Value => (x.type === to ? x : x.graph.apply('Cast', [x], { to })[0]);

/** True and false as 1 and 0 of `like`'s type. */
export const indicator = (condition: Value, like: Value): Value => cast(condition, like.type);

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceLogSumExp';

function reduce(op: Reduction) {
  /** Over `axes`, or over all of them; `keep` leaves each reduced axis with length 1. */
  return (x: Value, axes?: readonly number[], keep = false): Value => {
    const inputs = axes === undefined ? [x] : [x, int64(x, axes, 'axes')];
    return x.graph.apply(op, inputs, { keepdims: keep ? 1 : 0 })[0];
  };
}

export const reduceSum = reduce('ReduceSum');
export const reduceMean = reduce('ReduceMean');
export const reduceMax = reduce('ReduceMax');
export const reduceMin = reduce('ReduceMin');
export const reduceLogSumExp = reduce('ReduceLogSumExp');

export const softmax = (x: Value, axis = -1): Value => x.graph.apply('Softmax', [x], { axis })[0];
export const logSoftmax = (x: Value, axis = -1): Value => x.graph.apply('LogSoftmax', [x], { axis })[0];

/** The same elements in another shape; -1 stands for whatever length is left, 0 for the input's own. */
export const reshape = (x: Value, shape: readonly number[]): Value =>
  x.graph.apply('Reshape', [x, int64(x, shape, 'shape')], {})[0];

/** Everything from `axis` on becomes one axis, everything before it another. */
export const flatten = (x: Value, axis = 1): Value => x.graph.apply('Flatten', [x], { axis })[0];

export const transpose = (x: Value, perm: readonly number[]): Value =>
  perm.every((from, to) => from === to) ? x : x.graph.apply('Transpose', [x], { perm })[0];

export const concat = (values: readonly Value[], axis: number): Value =>
  values.length === 1 ? values[0] : values[0].graph.apply('Concat', [...values], { axis })[0];

export const expand = (x: Value, shape: readonly number[]): Value =>
  x.graph.apply('Expand', [x, int64(x, shape, 'shape')], {})[0];

export const squeeze = (x: Value, axes: readonly number[]): Value =>
  x.graph.apply('Squeeze', [x, int64(x, axes, 'axes')], {})[0];

export const unsqueeze = (x: Value, axes: readonly number[]): Value =>
  x.graph.apply('Unsqueeze', [x, int64(x, axes, 'axes')], {})[0];

export const gather = (x: Value, indices: Value, axis = 0): Value => x.graph.apply('Gather', [x, indices], { axis })[0];

/** A range of one or more axes: `{ axis, start, end, step }`; `end` may lie beyond the axis. */
export function slice(
  x: Value,
  ranges: readonly { readonly axis: number; readonly start: number; readonly end: number; readonly step?: number }[],
): Value {
  return x.graph.apply(
    'Slice',
    [
      x,
      int64(
        x,
        ranges.map((range) => range.start),
        'starts',
      ),
      int64(
        x,
        ranges.map((range) => range.end),
        'ends',
      ),
      int64(
        x,
        ranges.map((range) => range.axis),
        'axes',
      ),
      int64(
        x,
        ranges.map((range) => range.step ?? 1),
        'steps',
      ),
    ],
    {},
  )[0];
}

/** Zeros, or `value`, around a value: `pads` has the number before each axis, then the number after each. */
export const pad = (x: Value, pads: readonly number[], value = 0): Value =>
  pads.every((count) => count === 0)
    ? x
    : x.graph.apply('Pad', [x, int64(x, pads, 'pads'), scalar(x, value)], { mode: 'constant' })[0];

export const matMul = (a: Value, b: Value): Value => a.graph.apply('MatMul', [a, b], {})[0];

/** `alpha A' B' + beta C`, where the apostrophe transposes if asked. */
export const gemm = (a: Value, b: Value, c?: Value, attributes: AttributesToGive<'Gemm'> = {}): Value =>
  a.graph.apply('Gemm', c === undefined ? [a, b] : [a, b, c], attributes)[0];

/** A matrix product that may take either operand transposed (com.microsoft: for graphs that only onnxruntime runs). */
export const fusedMatMul = (a: Value, b: Value, attributes: AttributesToGive<'FusedMatMul'>): Value =>
  a.graph.apply('FusedMatMul', [a, b], attributes)[0];

export const conv = (x: Value, w: Value, b: Value | undefined, attributes: AttributesToGive<'Conv'> = {}): Value =>
  x.graph.apply('Conv', b === undefined ? [x, w] : [x, w, b], attributes)[0];

export const convTranspose = (x: Value, w: Value, attributes: AttributesToGive<'ConvTranspose'> = {}): Value =>
  x.graph.apply('ConvTranspose', [x, w], attributes)[0];

export const maxPool = (x: Value, attributes: AttributesToGive<'MaxPool'>): Value =>
  x.graph.apply('MaxPool', [x], attributes)[0];

export const averagePool = (x: Value, attributes: AttributesToGive<'AveragePool'>): Value =>
  x.graph.apply('AveragePool', [x], attributes)[0];

/** `x / max(||x||, tiny)` along an axis: unit length, ONNX's LpNormalization with p = 2. */
export const l2Normalize = (x: Value, axis = -1): Value => x.graph.apply('LpNormalization', [x], { axis, p: 2 })[0];

/** Zeros of a known shape, as a constant. */
export function zeros(like: Value, shape: readonly number[]): Value {
  if (!isFloating(like.type)) throw new GraphError(`zeros of ${like.type} are not needed anywhere`);
  return like.graph.constant(tensor(like.type, shape) as Tensor, 'zeros');
}

/** The length of an axis, which must be known. */
export function lengthOf(x: Value, axis: number): number {
  const length = x.shape[normalizeAxis(axis, x.shape.length)];
  if (typeof length !== 'number')
    throw new GraphError(`axis ${axis} of '${x.name}' has no known length, only the name ${length}`);
  return length;
}

/** True if both values have the same shape. */
export const shapesEqual = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, i) => length === b[i]);
