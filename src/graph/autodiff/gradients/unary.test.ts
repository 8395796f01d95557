import { describe, expect, it } from 'vitest';
import { gradientsAt } from '../../../../test/support/gradients-at.ts';
import type { Value } from '../../builder/graph.ts';
import { abs, clip, hardSwish, relu, sqrt } from '../../builder/operations.ts';

const leakyRelu = (x: Value) => x.graph.apply('LeakyRelu', [x], { alpha: 0.25 })[0];
const elu = (x: Value) => x.graph.apply('Elu', [x], { alpha: 0.5 })[0];
const hardSigmoid = (x: Value) => x.graph.apply('HardSigmoid', [x], { alpha: 0.25, beta: 0.5 })[0];

describe('gradients at kinks', () => {
  it.each([
    ['Abs', abs, [-2, 0, 2], [-1, 0, 1]],
    ['Relu', relu, [-2, 0, 2], [0, 0, 1]],
    ['LeakyRelu', leakyRelu, [-2, 0, 2], [0.25, 0.25, 1]],
    ['Elu', elu, [0, 2], [1, 1]],
    ['HardSigmoid', hardSigmoid, [-3, -2, 0, 2, 3], [0, 0, 0.25, 0, 0]],
    ['HardSwish', hardSwish, [-4, -3, 0, 3, 4], [0, 0, 0.5, 1, 1]],
    ['Clip', (x: Value) => clip(x, -1, 2), [-1.5, -1, 0, 2, 2.5], [0, 1, 1, 1, 0]],
  ])('%s', (_, build, at, expected) => {
    expect(gradientsAt(build, [at])).toEqual([expected]);
  });

  it('of Sqrt at 0 is infinite', () => {
    expect(gradientsAt(sqrt, [[0, 4]])).toEqual([[Number.POSITIVE_INFINITY, 0.25]]);
  });
});
