import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isotonicBlocks } from './isotonic.ts';

/** The fit by its min-max formula: the smallest mean from any earlier start of the largest mean to any later end, mirrored for falling. */
function byFormula(values: readonly number[], weights: readonly number[]): number[] {
  const mean = (from: number, to: number) => {
    let [sum, weight] = [0, 0];
    for (let i = from; i <= to; i++) {
      sum += values[i] * weights[i];
      weight += weights[i];
    }
    return sum / weight;
  };
  return values.map((_, place) => {
    let smallest = Number.POSITIVE_INFINITY;
    for (let from = 0; from <= place; from++) {
      let largest = Number.NEGATIVE_INFINITY;
      for (let to = place; to < values.length; to++) largest = Math.max(largest, mean(from, to));
      smallest = Math.min(smallest, largest);
    }
    return smallest;
  });
}

describe('isotonicBlocks', () => {
  it('is the fit of the min-max formula, block by block', () => {
    const pair = fc.tuple(fc.constantFrom(0, 1, 0.25, 3), fc.double({ min: 0.1, max: 5, noNaN: true }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 14 }), (pairs) => {
        const [values, weights] = [pairs.map(([value]) => value), pairs.map(([, weight]) => weight)];
        const blocks = isotonicBlocks(values, weights);
        const expected = byFormula(values, weights);
        let next = 0;
        for (const { start, end, value, weight } of blocks) {
          expect(start).toBe(next);
          expect(weight).toBeCloseTo(
            weights.slice(start, end).reduce((a, b) => a + b, 0),
            9,
          );
          for (let place = start; place < end; place++) expect(value).toBeCloseTo(expected[place], 9);
          next = end;
        }
        expect(next).toBe(values.length);
        for (let b = 1; b < blocks.length; b++) expect(blocks[b].value).toBeLessThan(blocks[b - 1].value);
      }),
    );
  });

  it('leaves what falls, and makes one block of what rises', () => {
    expect(isotonicBlocks([3, 2, 1], [1, 1, 1]).map(({ value }) => value)).toEqual([3, 2, 1]);
    expect(isotonicBlocks([0, 1], [3, 1])).toEqual([{ start: 0, end: 2, value: 0.25, weight: 4 }]);
    expect(isotonicBlocks([], [])).toEqual([]);
  });
});
