import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { float32, int64Vector, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { interpret } from './interpret.ts';
import { fed, int32, int64, listed, type OperatorCases, operatorContract, uniform } from './operator.contract.ts';
import { reduce } from './reduce.ts';

const shape = [2, 3, 4];
const ties = fed(float32([2, 5], [3, 1, 3, 2, 3, 0, 0, -1, 0, -1]));
const integers = fed(int32([2, 3], [5, -7, 2, 16777217, 0, -1]));
const reductions = [
  { inputs: [uniform(shape)], attributes: {} },
  { inputs: [uniform(shape), listed(1)], attributes: { keepdims: 0 } },
  { inputs: [uniform(shape), listed(0, -1)], attributes: {} },
  { inputs: [uniform(shape), listed(0, 1, 2)], attributes: { keepdims: 0 } },
  { inputs: [uniform(shape)], attributes: { noopWithEmptyAxes: 1 } },
  { inputs: [uniform([])], attributes: {} },
] as const;
const softened = [
  { inputs: [uniform(shape)], attributes: {} },
  { inputs: [uniform(shape)], attributes: { axis: 1 } },
  { inputs: [uniform([2, 6], -200, 200)], attributes: { axis: 0 } },
] as const;

const cases: OperatorCases<keyof typeof reduce> = {
  ArgMax: [
    { inputs: [uniform(shape)], attributes: {} },
    { inputs: [ties], attributes: { axis: 1, keepdims: 0 } },
    { inputs: [ties], attributes: { axis: -1, selectLastIndex: 1 } },
    { inputs: [integers], attributes: { axis: 1 } },
  ],
  LogSoftmax: softened,
  ReduceLogSumExp: [
    ...reductions,
    { inputs: [fed(float32([3, 2], [Infinity, 0, -Infinity, -Infinity, 1, -Infinity])), listed(1)], attributes: {} },
    { inputs: [uniform([3, 5], -500, 500), listed(1)], attributes: {} },
  ],
  ReduceMax: [...reductions, { inputs: [integers, listed(1)], attributes: {} }],
  ReduceMean: [...reductions, { inputs: [integers, listed(0)], attributes: {} }],
  ReduceMin: [...reductions, { inputs: [integers, listed(0)], attributes: {} }],
  ReduceSum: [
    ...reductions,
    { inputs: [integers, listed(0)], attributes: {} },
    { inputs: [fed(int64([2, 2], [1, -5, 7, 4294967296])), listed(1)], attributes: {} },
  ],
  Softmax: softened,
  TopK: [
    { inputs: [uniform(shape), listed(2)], attributes: {}, outputs: 2 },
    { inputs: [uniform(shape), listed(3)], attributes: { axis: 1, largest: 0 }, outputs: 2 },
    { inputs: [ties, listed(4)], attributes: {}, outputs: 2 },
    { inputs: [ties, listed(4)], attributes: { largest: 0 }, outputs: 2 },
    { inputs: [fed(int64([4], [3, 3, 9, -9])), listed(4)], attributes: {}, outputs: 2 },
  ],
};

operatorContract(reduce, cases);

describe('reduce', () => {
  it('orders equal elements of TopK by their index', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [5]);
    const [values, indices] = graph.apply('TopK', [x, graph.constant(int64Vector([4]))], {}, { outputs: 2 });
    graph.output('values', values);
    graph.output('indices', indices);
    const results = interpret(graph, { x: float32([5], [1, 2, 0, 2, 1]) });
    expect(toNumbers(results['values'])).toEqual([2, 2, 1, 1]);
    expect(toNumbers(results['indices'])).toEqual([1, 3, 0, 4]);
  });

  it('makes -Infinity of the logarithm of no probability at all', () => {
    const graph = new Graph();
    graph.output('y', graph.apply('ReduceLogSumExp', [graph.input('x', 'float32', [2])], { keepdims: 0 })[0]);
    expect(toNumbers(interpret(graph, { x: float32([2], [-Infinity, -Infinity]) })['y'])).toEqual([-Infinity]);
  });
});
