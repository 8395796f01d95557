import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { float32, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { interpret } from './interpret.ts';
import { normalization } from './normalization.ts';
import { bool, constant, fed, type OperatorCases, operatorContract, uniform } from './operator.contract.ts';

const image = uniform([3, 4, 2, 5]);
const channels = uniform([4]);
const variances = uniform([4], 0.2, 2);
const batch = [image, channels, channels, channels, variances];

const cases: OperatorCases<keyof typeof normalization> = {
  BatchNormalization: [
    { inputs: batch, attributes: {} },
    { inputs: batch, attributes: { epsilon: 0.1 } },
    { inputs: batch, attributes: { trainingMode: 1, momentum: 0.7 }, outputs: 3 },
    { inputs: [uniform([6, 4]), ...batch.slice(1)], attributes: { trainingMode: 1 }, outputs: 3 },
  ],
  Dropout: [
    { inputs: [image], attributes: {}, outputs: 2 },
    { inputs: [image, constant(float32([], [0.3])), constant(bool([], [0]))], attributes: {} },
    { inputs: [image, constant(float32([], [0])), constant(bool([], [1]))], attributes: {}, outputs: 2 },
  ],
  InstanceNormalization: [{ inputs: [image, channels, channels], attributes: { epsilon: 1e-3 } }],
  LayerNormalization: [
    { inputs: [uniform([3, 4, 6]), uniform([6]), uniform([6])], attributes: {}, outputs: 3 },
    { inputs: [uniform([3, 4, 6]), uniform([4, 6])], attributes: { axis: 1, epsilon: 0.1 } },
  ],
  LpNormalization: [
    { inputs: [uniform([3, 4, 5])], attributes: {} },
    { inputs: [uniform([3, 4, 5])], attributes: { axis: 1, p: 1 } },
    { inputs: [fed(float32([2, 3], [0, 0, 0, 3, 0, 4]))], attributes: {} },
    { inputs: [fed(float32([2, 3], [0, 0, 0, 3, 0, 5]))], attributes: { p: 1 } },
  ],
  LRN: [
    { inputs: [uniform([2, 7, 3, 2], -20, 20)], attributes: { size: 5, alpha: 0.01 } },
    { inputs: [uniform([2, 7, 3, 2])], attributes: { size: 3, alpha: 0.5, beta: 0.6, bias: 2 } },
    { inputs: [uniform([2, 3, 2, 2])], attributes: { size: 9, alpha: 2 } },
  ],
};

operatorContract(normalization, cases);

describe('normalization', () => {
  it('gives the batch the population variance and the running mean the share that momentum leaves', () => {
    const graph = new Graph();
    const vector = (values: number[]) => graph.constant(float32([1], values));
    const inputs = [graph.input('x', 'float32', [2, 1]), vector([1]), vector([0]), vector([10]), vector([20])];
    const results = graph.apply('BatchNormalization', inputs, { trainingMode: 1, epsilon: 0 }, { outputs: 3 });
    for (const [index, value] of results.entries()) graph.output(`y${index}`, value);
    const { y0, y1, y2 } = interpret(graph, { x: float32([2, 1], [1, 5]) });
    expect(toNumbers(y0)).toEqual([-1, 1]);
    expect(y1.data[0]).toBeCloseTo(0.9 * 10 + 0.1 * 3, 12);
    expect(y2.data[0]).toBeCloseTo(0.9 * 20 + 0.1 * 4, 12);
  });

  it('refuses dropout in training mode, whose masks nobody else could know', () => {
    const graph = new Graph();
    const inputs = [
      graph.input('x', 'float32', [2]),
      graph.constant(float32([], [0.5])),
      graph.constant(bool([], [1])),
    ];
    graph.output('y', graph.apply('Dropout', inputs, {})[0]);
    expect(() => interpret(graph, { x: float32([2], [1, 2]) })).toThrow(/multiply by a mask that is fed/);
  });
});
