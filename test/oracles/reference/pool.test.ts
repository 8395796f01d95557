import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { float32, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { interpret } from './interpret.ts';
import { fed, int64, listed, type OperatorCases, operatorContract, uniform } from './operator.contract.ts';
import { pool } from './pool.ts';

const image = uniform([2, 3, 7, 6]);
const below = uniform([2, 3, 7, 6], -3, -1);
const ties = fed(float32([1, 1, 4, 4], [1, 1, 0, 2, 1, 1, 2, 2, 0, 0, 5, 5, 0, 0, 5, 5]));

const cases: OperatorCases<keyof typeof pool> = {
  AveragePool: [
    { inputs: [image], attributes: { kernelShape: [3, 2] } },
    { inputs: [image], attributes: { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] } },
    { inputs: [image], attributes: { kernelShape: [3, 3], strides: [2, 2], pads: [1, 0, 0, 2], countIncludePad: 1 } },
    { inputs: [image], attributes: { kernelShape: [2, 3], strides: [2, 2], ceilMode: 1 } },
    {
      inputs: [image],
      attributes: { kernelShape: [3, 3], strides: [3, 2], pads: [1, 1, 1, 1], ceilMode: 1, countIncludePad: 1 },
    },
    { inputs: [uniform([1, 2, 9])], attributes: { kernelShape: [4], strides: [3], pads: [1, 1] } },
  ],
  GlobalAveragePool: [{ inputs: [image], attributes: {} }],
  GlobalMaxPool: [{ inputs: [below], attributes: {} }],
  MaxPool: [
    { inputs: [image], attributes: { kernelShape: [2, 2], strides: [2, 2] }, outputs: 2 },
    { inputs: [below], attributes: { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }, outputs: 2 },
    {
      inputs: [below],
      attributes: { kernelShape: [3, 2], strides: [2, 3], pads: [0, 1, 1, 0], ceilMode: 1 },
      outputs: 2,
    },
    { inputs: [image], attributes: { kernelShape: [3, 2], dilations: [2, 3] }, outputs: 2 },
    { inputs: [image], attributes: { kernelShape: [2, 3], storageOrder: 1 }, outputs: 2 },
    { inputs: [ties], attributes: { kernelShape: [3, 3], pads: [1, 1, 1, 1] }, outputs: 2 },
    { inputs: [uniform([2, 2, 9])], attributes: { kernelShape: [4], strides: [3] }, outputs: 2 },
    { inputs: [uniform([1, 2, 4, 5, 3])], attributes: { kernelShape: [2, 2, 2], strides: [2, 1, 1] }, outputs: 2 },
  ],
  MaxUnpool: [
    {
      inputs: [uniform([1, 2, 2, 2]), fed(int64([1, 2, 2, 2], [0, 3, 8, 15, 17, 18, 28, 31]))],
      attributes: { kernelShape: [2, 2], strides: [2, 2] },
    },
    {
      inputs: [uniform([1, 1, 2, 2]), fed(int64([1, 1, 2, 2], [6, 8, 16, 18])), listed(1, 1, 5, 5)],
      attributes: { kernelShape: [2, 2], strides: [2, 2] },
    },
  ],
};

operatorContract(pool, cases);

describe('pool', () => {
  it('takes the first of equal elements in row-major order', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 1, 2, 2]);
    const [y, indices] = graph.apply('MaxPool', [x], { kernelShape: [2, 2] }, { outputs: 2 });
    graph.output('y', y);
    graph.output('indices', indices);
    const results = interpret(graph, { x: float32([1, 1, 2, 2], [1, 4, 4, 4]) });
    expect([...toNumbers(results['y']), ...toNumbers(results['indices'])]).toEqual([4, 1]);
  });

  it('refuses a dilated window that touches nothing but padding', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 1, 3]);
    const attributes = { kernelShape: [2], dilations: [4], pads: [1, 1] };
    graph.output('y', graph.apply('MaxPool', [x], attributes)[0]);
    expect(() => interpret(graph, { x: float32([1, 1, 3], [1, 2, 3]) })).toThrow(/window 0 lies wholly in the padding/);
  });

  it('refuses an index outside the unpooled output', () => {
    const graph = new Graph();
    const [x, i] = [graph.input('x', 'float32', [1, 1, 1]), graph.input('i', 'int64', [1, 1, 1])];
    graph.output('y', graph.apply('MaxUnpool', [x, i], { kernelShape: [2] })[0]);
    const feeds = { x: float32([1, 1, 1], [1]), i: int64([1, 1, 1], [2]) };
    expect(() => interpret(graph, feeds)).toThrow(/index 2 for an output of 2 elements/);
  });
});
