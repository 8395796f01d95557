import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affineOf } from './affine.ts';

const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('affineOf', () => {
  it.each([
    [
      { low: 0, high: 255 },
      { scale: 1, zeroPoint: 0 },
    ],
    [
      { low: -1, high: 1.55 },
      { scale: Math.fround(0.01), zeroPoint: 100 },
    ],
    [
      { low: 2, high: 5.1 },
      { scale: Math.fround(0.02), zeroPoint: 0 },
    ],
    [
      { low: -5.1, high: -2 },
      { scale: Math.fround(0.02), zeroPoint: 255 },
    ],
    [
      { low: 0, high: 0 },
      { scale: 1, zeroPoint: 0 },
    ],
    [
      { low: 0, high: 1e-50 },
      { scale: 1, zeroPoint: 0 },
    ],
  ])('spreads bytes over %o', (range, affine) => {
    expect(affineOf(range)).toEqual(affine);
  });

  it('gives zero a byte of its own and leaves nothing of the range out by more than a step', () => {
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { scale, zeroPoint } = affineOf({ low, high });
        expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).toBe(true);
        expect(scale).toBe(Math.fround(scale));
        const [bottom, top] = [-zeroPoint * scale, (255 - zeroPoint) * scale];
        const slack = scale * 1.001;
        if (high - low < 1e-30) return;
        expect(bottom - Math.min(low, 0)).toBeLessThanOrEqual(slack);
        expect(Math.max(high, 0) - top).toBeLessThanOrEqual(slack);
      }),
    );
  });

  it.each([
    [1, 0],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ])('refuses a range from %d to %d', (low, high) => {
    expect(() => affineOf({ low, high })).toThrow(`a range from ${low} to ${high} cannot be spread over bytes`);
  });
});
