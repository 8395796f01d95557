import { describe, expect, it } from 'vitest';
import { roundHalfToEven } from './round-half-to-even.ts';

describe('roundHalfToEven', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [2.4999, 2],
    [2.5001, 3],
    [-7, -7],
  ])('rounds %d to %d', (x, rounded) => {
    expect(roundHalfToEven(x) + 0).toBe(rounded);
  });
});
