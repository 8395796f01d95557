import { describe, expect, it } from 'vitest';
import { gradientsAt } from '../../../../test/support/gradients-at.ts';
import { Graph } from '../../builder/graph.ts';
import { globalMaxPool, reduceMax, reduceMin, reduceSum } from '../../builder/operations.ts';
import { backward } from '../backward.ts';

describe('gradients of reductions', () => {
  it('are shared equally by elements that tie', () => {
    const at = { shape: [2, 4], values: [5, 1, 5, 5, 0, 2, 1, 2] };
    expect(gradientsAt((x) => reduceMax(x, [1]), [at])).toEqual([[1 / 3, 0, 1 / 3, 1 / 3, 0, 0.5, 0, 0.5]]);
    expect(gradientsAt((x) => reduceMin(x, [1]), [at])).toEqual([[0, 1, 0, 0, 1, 0, 0, 0]]);
    expect(gradientsAt(globalMaxPool, [{ ...at, shape: [1, 2, 4] }])).toEqual([
      [1 / 3, 0, 1 / 3, 1 / 3, 0, 0.5, 0, 0.5],
    ]);
  });

  it('need to know the shape that they spread over', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 3]);
    const loss = reduceSum(reduceSum(x, [0, 1]));
    expect(() => backward(loss, [x])).toThrow(
      /^no gradient through node 'ReduceSum' \(ReduceSum\): a gradient of 'x' needs a shape known in advance/,
    );
  });
});
