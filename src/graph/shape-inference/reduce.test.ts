import { describe, expect, it } from 'vitest';
import { reducedAxes } from './reduce.ts';

describe('reducedAxes', () => {
  it.each([
    [3, undefined, 0, [0, 1, 2]],
    [3, [], 0, [0, 1, 2]],
    [3, undefined, 1, []],
    [3, [], 1, []],
    [3, [-1, 0], 0, [2, 0]],
    [3, [1], 1, [1]],
    [0, undefined, 0, []],
  ])('of %d axes, axes %j, noopWithEmptyAxes %d: %j', (rank, axes, noop, expected) => {
    expect(reducedAxes(rank, axes, noop)).toEqual(expected);
  });
});
