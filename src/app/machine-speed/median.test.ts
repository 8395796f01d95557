import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from './median.ts';

describe('median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect([median([5]), median([9, 1, 5]), median([4, 1, 10, 2])]).toEqual([5, 5, 3]);
    expect(median([10, 9, 100, 2])).toBe(9.5);
  });

  it('has as many numbers below as above, and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const before = [...values];
        const middle = median(values);
        expect(values).toEqual(before);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it('is not defined for no numbers', () => {
    expect(() => median([])).toThrow('the median of no numbers is not defined');
  });
});
