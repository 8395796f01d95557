import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { cast } from '../../../src/graph/builder/operations.ts';
import { float32, tensor, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { elementwise } from './elementwise.ts';
import { interpret } from './interpret.ts';
import {
  bool,
  constant,
  fed,
  int32,
  int64,
  type OperatorCases,
  operatorContract,
  uniform,
} from './operator.contract.ts';

const shape = [2, 3, 4];
const special = fed(float32([8], [-Infinity, -3, -0.5, 0, 0.5, 3, Infinity, Number.NaN]));
const unary = [
  { inputs: [uniform(shape)], attributes: {} },
  { inputs: [special], attributes: {} },
] as const;
const positive = [{ inputs: [uniform(shape, 0.1, 4)], attributes: {} }] as const;
const integers = fed(int32([6], [-7, -2, 0, 3, 8, 2147483647]));
const divisors = fed(int32([6], [2, -2, 5, -2, 3, 2]));
const longs = fed(int64([2, 1], [-7, 9]));
const longRow = fed(int64([3], [2, -3, 4503599627370495]));
const joining = [
  { inputs: [uniform(shape), uniform(shape)], attributes: {} },
  { inputs: [uniform([3, 1]), uniform([2, 1, 4])], attributes: {} },
  { inputs: [integers, divisors], attributes: {} },
  { inputs: [longs, longRow], attributes: {} },
] as const;
const many = [
  { inputs: [uniform([3])], attributes: {} },
  { inputs: [uniform([3, 1]), uniform([2, 1, 4]), uniform([])], attributes: {} },
] as const;
const ordered = [
  { inputs: [fed(float32([4], [1, 2, 2, -1])), fed(float32([3, 1], [2, 1, -1]))], attributes: {} },
  { inputs: [integers, divisors], attributes: {} },
  { inputs: [longs, longRow], attributes: {} },
] as const;
const truth = [{ inputs: [fed(bool([2, 1], [0, 1])), fed(bool([2], [0, 1]))], attributes: {} }] as const;

const cases: OperatorCases<keyof typeof elementwise> = {
  Abs: [...unary, { inputs: [longs], attributes: {} }],
  Add: joining,
  And: truth,
  Cast: [
    { inputs: [fed(float32([6], [-2.7, -0.2, 0, 0.9, 1, 300.5]))], attributes: { to: 'int32' } },
    { inputs: [fed(float32([6], [-2.7, -0.2, 0, 0.9, 1, 300.5]))], attributes: { to: 'int64' } },
    { inputs: [fed(float32([4], [-0.2, 0, 0.9, 3]))], attributes: { to: 'bool' } },
    { inputs: [fed(float32([3], [0.2, 200.9, 255]))], attributes: { to: 'uint8' } },
    { inputs: [fed(float32([3], [-128, -1.5, 127]))], attributes: { to: 'int8' } },
    { inputs: [fed(tensor('uint8', [3], Uint8Array.of(0, 128, 255)))], attributes: { to: 'float32' } },
    { inputs: [fed(bool([2], [0, 1]))], attributes: { to: 'float32' } },
    { inputs: [fed(int64([3], [-1, 257, 4294967297]))], attributes: { to: 'int32' } },
    { inputs: [fed(int64([3], [-1, 257, 4294967297]))], attributes: { to: 'uint8' } },
    { inputs: [integers], attributes: { to: 'int64' } },
    { inputs: [integers], attributes: { to: 'float64' } },
  ],
  Ceil: unary,
  Clip: [
    { inputs: [uniform(shape), constant(float32([], [-0.5])), constant(float32([], [1]))], attributes: {} },
    { inputs: [uniform(shape), undefined, constant(float32([], [0.25]))], attributes: {} },
    { inputs: [uniform(shape), constant(float32([], [0.25]))], attributes: {} },
    { inputs: [uniform(shape), constant(float32([], [1])), constant(float32([], [-1]))], attributes: {} },
    { inputs: [integers, fed(int32([], [-3])), fed(int32([], [5]))], attributes: {} },
  ],
  Div: [joining[0], joining[1], joining[2], joining[3]],
  Elu: [...unary, { inputs: [uniform(shape)], attributes: { alpha: 1.5 } }],
  Equal: [...ordered, ...truth],
  Erf: [...unary, { inputs: [uniform([64], -7, 7)], attributes: {} }],
  Exp: unary,
  Floor: unary,
  Greater: ordered,
  GreaterOrEqual: ordered,
  HardSigmoid: [...unary, { inputs: [uniform(shape)], attributes: { alpha: 0.5, beta: 0.25 } }],
  HardSwish: [{ inputs: [uniform(shape, -5, 5)], attributes: {} }],
  Identity: [...unary, { inputs: [longs], attributes: {} }],
  LeakyRelu: [...unary, { inputs: [uniform(shape)], attributes: { alpha: 0.3 } }],
  Less: ordered,
  LessOrEqual: ordered,
  Log: positive,
  Max: [...joining, ...many],
  Min: [...joining, ...many],
  Mul: joining,
  Neg: [...unary, { inputs: [integers], attributes: {} }],
  Not: [{ inputs: [fed(bool([2], [0, 1]))], attributes: {} }],
  Or: truth,
  Pow: [
    { inputs: [uniform(shape, 0.1, 3), uniform([4])], attributes: {} },
    { inputs: [uniform(shape), constant(float32([], [2]))], attributes: {} },
    { inputs: [uniform(shape), constant(int64([], [3]))], attributes: {} },
    {
      inputs: [integers, fed(int32([], [2]))],
      attributes: {},
      notInOnnxruntime: 'the square of the largest overflows',
    },
    { inputs: [longs, fed(int64([], [3]))], attributes: {} },
  ],
  PRelu: [
    { inputs: [uniform(shape), uniform([3, 1])], attributes: {} },
    { inputs: [uniform(shape), uniform([1])], attributes: {} },
  ],
  Reciprocal: positive,
  Relu: [...unary, { inputs: [integers], attributes: {} }],
  Sigmoid: [...unary, { inputs: [uniform([16], -40, 40)], attributes: {} }],
  Sign: [...unary, { inputs: [longs], attributes: {} }],
  Softplus: [...unary, { inputs: [uniform([16], -40, 40)], attributes: {} }],
  Sqrt: positive,
  Sub: joining,
  Sum: many,
  Tanh: unary,
  Where: [
    { inputs: [fed(bool([2, 1], [0, 1])), uniform([3]), uniform([2, 3])], attributes: {} },
    { inputs: [fed(bool([3], [0, 1, 0])), longs, longRow], attributes: {} },
  ],
};

operatorContract(elementwise, cases);

describe('elementwise', () => {
  it('refuses to make an integer of what is not finite', () => {
    const graph = new Graph();
    graph.output('y', cast(graph.input('x', 'float32', [1]), 'int32'));
    expect(() => interpret(graph, { x: float32([1], [Number.NaN]) })).toThrow(/Cast.*NaN has no int32 form/);
  });

  it('computes integers exactly and lets them wrap around', () => {
    const graph = new Graph();
    const x = graph.input('x', 'int64', [1]);
    graph.output('y', graph.apply('Add', [x, x], {})[0]);
    const { y } = interpret(graph, { x: tensor('int64', [1], BigInt64Array.of(2n ** 62n + 1n)) });
    expect(y.data[0]).toBe(-(2n ** 63n) + 2n);
    expect(toNumbers(y)).toHaveLength(1);
  });
});
