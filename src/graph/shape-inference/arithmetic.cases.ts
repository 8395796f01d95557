import type { ShapeCases } from '../../../test/support/shape-case.ts';
import { float32, int64Vector, tensor } from '../tensor/tensor.ts';

const unary = [
  { of: ['float32[N, 3]'], gives: ['float32[N, 3]'] },
  { of: ['float64[]'], gives: ['float64[]'] },
] as const;

const binary = [
  { of: ['float32[N, 3, 1]', 'float32[4]'], gives: ['float32[N, 3, 4]'] },
  { of: ['int64[2, 0]', 'int64[2, 1]'], gives: ['int64[2, 0]'] },
] as const;

const comparison = [
  { of: ['float32[N, 1]', 'float32[1, N]'], gives: ['bool[N, N]'] },
  { of: ['int64[2]', 'int64[]'], gives: ['bool[2]'] },
] as const;

const logical = [{ of: ['bool[N, 1]', 'bool[3]'], gives: ['bool[N, 3]'] }] as const;

const variadic = [
  { of: ['float32[N, 1]', 'float32[3]', 'float32[]'], gives: ['float32[N, 3]'] },
  { of: ['float64[2, 3]'], gives: ['float64[2, 3]'] },
] as const;

const reduction = [
  { of: ['float32[N, 3, 4]', int64Vector([1])], gives: ['float32[N, 1, 4]'] },
  { of: ['float32[N, 3, 4]', int64Vector([-1, 0])], with: { keepdims: 0 }, gives: ['float32[3]'] },
  { of: ['float64[2, 3]'], with: { keepdims: 0 }, gives: ['float64[]'] },
  { of: ['float32[2, 3]', int64Vector([])], gives: ['float32[1, 1]'] },
  { of: ['float32[N, 3]', int64Vector([])], with: { noopWithEmptyAxes: 1 }, gives: ['float32[N, 3]'] },
] as const;

const alongAxis = [
  { of: ['float32[N, 3]'], gives: ['float32[N, 3]'] },
  { of: ['float32[N, 3]'], with: { axis: 0 }, gives: ['float32[N, 3]'] },
] as const;

const zero = float32([], [0]);
const one = float32([], [1]);

/** Cases of the element-wise operators and the reductions. */
export const arithmeticCases = {
  Abs: unary,
  Cast: [
    { of: ['bool[N, 3]'], with: { to: 'float32' }, gives: ['float32[N, 3]'] },
    { of: ['float32[]'], with: { to: 'int64' }, gives: ['int64[]'] },
  ],
  Ceil: unary,
  Clip: [
    { of: ['float32[N, 3]', zero, one], gives: ['float32[N, 3]'] },
    { of: ['float32[2]', undefined, one], gives: ['float32[2]'] },
  ],
  Elu: unary,
  Erf: [{ of: ['float32[N, 3]'], gives: ['float32[N, 3]'] }],
  Exp: unary,
  Floor: unary,
  HardSigmoid: [{ of: ['float32[N, 3]'], with: { alpha: 0.5 }, gives: ['float32[N, 3]'] }],
  HardSwish: [{ of: ['float32[N, 3]'], gives: ['float32[N, 3]'] }],
  Identity: [...unary, { of: ['bool[2]'], gives: ['bool[2]'] }],
  LeakyRelu: [{ of: ['float32[N, 3]'], with: { alpha: 0.1 }, gives: ['float32[N, 3]'] }],
  Log: unary,
  Neg: [...unary, { of: ['int64[2]'], gives: ['int64[2]'] }],
  Not: [{ of: ['bool[N, 3]'], gives: ['bool[N, 3]'] }],
  Reciprocal: unary,
  Relu: unary,
  Sigmoid: unary,
  Sign: unary,
  Softplus: unary,
  Sqrt: unary,
  Tanh: unary,

  Add: binary,
  And: logical,
  Div: binary,
  Equal: [...comparison, { of: ['bool[2]', 'bool[2]'], gives: ['bool[2]'] }],
  Greater: comparison,
  GreaterOrEqual: comparison,
  Less: comparison,
  LessOrEqual: comparison,
  Max: variadic,
  Min: variadic,
  Mul: binary,
  Or: logical,
  Pow: [
    ...binary,
    { of: ['float32[N, 3]', 'int64[]'], gives: ['float32[N, 3]'] },
    { of: ['int64[1]', 'float32[3]'], gives: ['int64[3]'] },
  ],
  PRelu: [{ of: ['float32[N, 3, 4]', 'float32[3, 1]'], gives: ['float32[N, 3, 4]'] }],
  Sub: binary,
  Sum: variadic,
  Where: [
    { of: ['bool[N, 1]', 'float32[3]', 'float32[]'], gives: ['float32[N, 3]'] },
    { of: ['bool[2]', 'int64[2]', 'int64[2]'], gives: ['int64[2]'] },
  ],

  ArgMax: [
    { of: ['float32[N, 3]'], with: { axis: 1 }, gives: ['int64[N, 1]'] },
    { of: ['float32[N, 3]'], with: { axis: -1, keepdims: 0 }, gives: ['int64[N]'] },
    { of: ['float32[N, 3]'], gives: ['int64[1, 3]'] },
  ],
  LogSoftmax: alongAxis,
  ReduceLogSumExp: reduction,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceMin: reduction,
  ReduceSum: reduction,
  Softmax: alongAxis,
  TopK: [
    { of: ['float32[N, 7]', int64Vector([3])], gives: ['float32[N, 3]', 'int64[N, 3]'] },
    { of: ['float32[7, N]', int64Vector([7])], with: { axis: 0 }, gives: ['float32[7, N]', 'int64[7, N]'] },
    { of: ['int64[N]', tensor('int64', [1], BigInt64Array.of(2n))], gives: ['int64[2]', 'int64[2]'] },
  ],
} satisfies Partial<ShapeCases>;
