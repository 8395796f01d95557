import type { ShapeRefusals } from '../../../test/support/shape-case.ts';
import { int64Vector } from '../tensor/tensor.ts';

const float = [{ of: ['int64[2]'], says: 'takes float32, float64: cast it' }] as const;
const signed = [{ of: ['uint8[2]'], says: 'takes float32, float64, int32, int64, int8: cast it' }] as const;
const number = [{ of: ['bool[2]'], says: "input 'X' is bool" }] as const;

const broadcast = [
  { of: ['float32[2, 3]', 'float32[2]'], says: '[2, 3] and [2] do not broadcast: axis 1 has length 3 and 2' },
  { of: ['float32[N, 3]', 'float32[2, 3]'], says: '[N, 3] and [2, 3] do not broadcast: axis 0 has length N and 2' },
] as const;

const binary = [
  ...broadcast,
  { of: ['float32[2]', 'int64[2]'], says: "inputs 'A' (float32) and 'B' (int64) must be of one type" },
  { of: ['bool[2]', 'bool[2]'], says: "input 'A' is bool" },
] as const;

const logical = [
  { of: ['bool[2]', 'float32[2]'], says: "input 'B' is float32, but" },
  { of: ['bool[2]', 'bool[3]'], says: '[2] and [3] do not broadcast' },
] as const;

const variadic = [
  ...broadcast,
  { of: ['float32[2]', 'float32[2]', 'float64[2]'], says: "'data[0]' (float32) and 'data[2]' (float64)" },
] as const;

const reduction = [
  { of: ['float32[2, 3]', int64Vector([2])], says: 'axis 2 is outside a value of 2 axes' },
  { of: ['float32[2, 3]', int64Vector([1, -1])], says: 'axes [1, -1] name axis 1 twice' },
  { of: ['float32[2, 3]', 'int64[1]'], says: "input 'axes' of" },
  { of: ['float32[2, 3]', 'int32[1]'], says: "input 'axes' is int32" },
  { of: ['bool[2, 3]'], says: "input 'data' is bool" },
] as const;

const alongAxis = [
  { of: ['float32[2, 3]'], with: { axis: 2 }, says: 'axis 2 is outside a value of 2 axes' },
  { of: ['float32[]'], says: 'axis -1 is asked of a scalar' },
  { of: ['int64[2]'], says: "input 'input' is int64" },
] as const;

/** Refusals of the element-wise operators and the reductions. */
export const arithmeticRefusals = {
  Abs: number,
  Cast: [{ of: [undefined], with: { to: 'float32' }, says: "input 'input' is missing" }],
  Ceil: float,
  Clip: [
    { of: ['float32[2]', 'float64[]'], says: "'input' (float32) and 'min' (float64) must be of one type" },
    { of: ['float32[2]', undefined, 'float32[2]'], says: "input 'max' must be a scalar, shape [], got [2]" },
    { of: ['bool[2]'], says: "input 'input' is bool" },
  ],
  Elu: float,
  Erf: float,
  Exp: float,
  Floor: float,
  HardSigmoid: float,
  HardSwish: float,
  Identity: [{ of: [], says: "input 'input' is missing" }],
  LeakyRelu: float,
  Log: float,
  Neg: signed,
  Not: [{ of: ['float32[2]'], says: "input 'X' is float32, but Not takes bool" }],
  Reciprocal: float,
  Relu: signed,
  Sigmoid: float,
  Sign: [{ of: ['bool[2]'], says: "input 'input' is bool" }],
  Softplus: float,
  Sqrt: float,
  Tanh: float,

  Add: binary,
  And: logical,
  Div: binary,
  Equal: [...broadcast, { of: ['bool[2]', 'int64[2]'], says: "'A' (bool) and 'B' (int64) must be of one type" }],
  Greater: binary,
  GreaterOrEqual: binary,
  Less: binary,
  LessOrEqual: binary,
  Max: variadic,
  Min: variadic,
  Mul: binary,
  Or: logical,
  Pow: [...broadcast, { of: ['float32[2]', 'bool[2]'], says: "input 'Y' is bool" }],
  PRelu: [
    { of: ['float32[N, 3]', 'float32[3, 1, 1]'], says: "'slope' [3, 1, 1] does not broadcast to [N, 3]" },
    { of: ['float32[2, 1]', 'float32[3]'], says: "'slope' [3] does not broadcast to [2, 1]" },
    { of: ['float32[2]', 'float64[2]'], says: "'X' (float32) and 'slope' (float64)" },
  ],
  Sub: binary,
  Sum: [...variadic, { of: ['int64[2]'], says: "input 'data[0]' is int64" }],
  Where: [
    { of: ['float32[2]', 'float32[2]', 'float32[2]'], says: "input 'condition' is float32, but Where takes bool" },
    { of: ['bool[2]', 'float32[2]', 'int64[2]'], says: "'X' (float32) and 'Y' (int64) must be of one type" },
    { of: ['bool[2]', 'float32[2]', 'float32[3]'], says: '[2] and [3] do not broadcast' },
  ],

  ArgMax: [
    { of: ['float32[2, 3]'], with: { axis: -3 }, says: 'axis -3 is outside a value of 2 axes: use -2 to 1' },
    { of: ['float32[2, 0]'], with: { axis: 1 }, says: 'axis 1 of [2, 0] is empty' },
    { of: ['float32[]'], says: 'axis 0 is asked of a scalar' },
    { of: ['bool[2]'], says: "input 'data' is bool" },
  ],
  LogSoftmax: alongAxis,
  ReduceLogSumExp: reduction,
  ReduceMax: reduction,
  ReduceMean: [...reduction, { of: ['uint8[2]'], says: "input 'data' is uint8" }],
  ReduceMin: reduction,
  ReduceSum: [...reduction, { of: ['float32[2]', int64Vector([5])], says: 'axis 5 is outside a value of 1 axes' }],
  Softmax: alongAxis,
  TopK: [
    { of: ['float32[N, 7]', int64Vector([8])], says: 'K is 8, but axis 1 of [N, 7] has 7 elements' },
    { of: ['float32[N, 7]', int64Vector([-1])], says: 'K is -1' },
    { of: ['float32[N, 7]', 'int64[1]'], says: "input 'K' of TopK must be a constant" },
    { of: ['float32[N, 7]', int64Vector([1, 2])], says: "input 'K' must have one element, got [2]" },
    { of: ['float32[7]', int64Vector([1])], with: { axis: 1 }, says: 'axis 1 is outside a value of 1 axes' },
  ],
} satisfies Partial<ShapeRefusals>;
