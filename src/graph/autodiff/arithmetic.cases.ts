import {
  awayFrom,
  distinct,
  floats,
  type GradientCases,
  normal,
  positive,
} from '../../../test/support/gradient-case.ts';
import { int64Vector, tensor } from '../tensor/tensor.ts';

const scalar = (value: number) => floats('float64', [], [value]);
const axes = int64Vector;
const mask = tensor('bool', [2, 3], Uint8Array.of(1, 0, 0, 1, 1, 0));

const kinked = [{ of: [awayFrom([0], [3, 4])] }];
const smooth = [{ of: [normal([3, 4])] }];
const broadcastPairs = [
  { of: [normal([2, 3]), positive([2, 3])] },
  { of: [normal([2, 1, 3]), positive([4, 1])] },
  { of: [normal([]), positive([2, 3])] },
  { of: [normal([2, 3]), positive([3])] },
];
const reductions = [
  { of: [distinct([2, 3, 4])] },
  { of: [distinct([2, 3, 4]), axes([1])], with: { keepdims: 0 } },
  { of: [distinct([2, 3, 4]), axes([-1, 0])], with: { keepdims: 1 } },
  { of: [distinct([2, 3, 4]), axes([0, 1, 2])], with: { keepdims: 0 } },
  { of: [distinct([2, 3]), axes([])], with: { noopWithEmptyAxes: 1 } },
];
const alongAxis = [{ of: [normal([2, 3, 4])] }, { of: [normal([2, 3, 4])], with: { axis: 1 } }];

/** Cases of element-wise operators and reductions. */
export const arithmeticCases = {
  Abs: kinked,
  Cast: [
    { of: [normal([2, 3])], with: { to: 'float64' } },
    { of: [normal([2, 3])], with: { to: 'float32' } },
  ],
  Ceil: [{ of: [awayFrom([-3, -2, -1, 0, 1, 2, 3], [2, 3])] }],
  Clip: [
    { of: [awayFrom([-1, 2], [3, 4]), scalar(-1), scalar(2)] },
    { of: [awayFrom([-1], [3, 4]), scalar(-1)] },
    { of: [awayFrom([2], [3, 4]), undefined, scalar(2)] },
    { of: [distinct([3, 4]), { shape: [], draw: () => [-0.33] }, { shape: [], draw: () => [0.27] }] },
  ],
  Elu: [{ of: [awayFrom([0], [3, 4])] }, { of: [awayFrom([0], [3, 4])], with: { alpha: 0.7 } }],
  Erf: smooth,
  Exp: smooth,
  Floor: [{ of: [awayFrom([-3, -2, -1, 0, 1, 2, 3], [2, 3])] }],
  HardSigmoid: [{ of: [awayFrom([-2.5, 2.5], [3, 4])] }, { of: [awayFrom([-1, 1], [3, 4])], with: { alpha: 0.5 } }],
  HardSwish: [{ of: [awayFrom([-3, 3], [3, 4])] }],
  Identity: smooth,
  LeakyRelu: [{ of: [awayFrom([0], [3, 4])] }, { of: [awayFrom([0], [3, 4])], with: { alpha: 1.5 } }],
  Log: [{ of: [positive([3, 4])] }],
  Neg: smooth,
  Not: [],
  Reciprocal: [{ of: [positive([3, 4])] }],
  Relu: kinked,
  Sigmoid: smooth,
  Sign: kinked,
  Softplus: smooth,
  Sqrt: [{ of: [positive([3, 4])] }],
  Tanh: smooth,

  Add: broadcastPairs,
  And: [],
  Div: broadcastPairs,
  Equal: [],
  Greater: [],
  GreaterOrEqual: [],
  Less: [],
  LessOrEqual: [],
  Max: [
    { of: [distinct([2, 3]), { shape: [2, 3], draw: () => [0.05, -0.15, 0.25, 0.35, -0.25, 0.15] }] },
    { of: [distinct([2, 1, 3]), scalar(0.04), { shape: [4, 1], draw: () => [-0.26, 0.07, -0.03, 0.33] }] },
    { of: [normal([3])] },
  ],
  Min: [
    { of: [distinct([2, 3]), { shape: [2, 3], draw: () => [0.05, -0.15, 0.25, 0.35, -0.25, 0.15] }] },
    { of: [distinct([2, 1, 3]), scalar(0.04), { shape: [4, 1], draw: () => [-0.26, 0.07, -0.03, 0.33] }] },
  ],
  Mul: broadcastPairs,
  Or: [],
  Pow: [
    { of: [positive([2, 3]), normal([2, 3])] },
    { of: [positive([2, 3]), normal([3])] },
    { of: [normal([2, 3]), scalar(2)] },
    { of: [normal([2, 3]), scalar(1)] },
    { of: [normal([2, 3]), scalar(0)] },
    { of: [positive([2, 3]), scalar(-1.5)] },
    { of: [awayFrom([0], [2, 3]), floats('float64', [3], [0, 2, 3])] },
    { of: [awayFrom([0], [2, 3]), int64Vector([1, 2, 3])] },
  ],
  PRelu: [{ of: [awayFrom([0], [2, 3, 2]), normal([3, 1])] }, { of: [awayFrom([0], [2, 3]), normal([1])] }],
  Sub: broadcastPairs,
  Sum: [{ of: [normal([2, 3]), normal([3]), normal([2, 1])] }, { of: [normal([2])] }],
  Where: [{ of: [mask, normal([2, 3]), normal([2, 3])] }, { of: [mask, normal([4, 1, 3]), normal([])] }],

  ArgMax: [],
  LogSoftmax: alongAxis,
  ReduceLogSumExp: reductions,
  ReduceMax: reductions,
  ReduceMean: reductions,
  ReduceMin: reductions,
  ReduceSum: reductions,
  Softmax: alongAxis,
  TopK: [
    { of: [distinct([3, 5]), axes([2])], outputs: 2 },
    { of: [distinct([3, 5]), axes([2])], with: { axis: 0, largest: 0 }, outputs: 2 },
  ],
} satisfies Partial<GradientCases>;
