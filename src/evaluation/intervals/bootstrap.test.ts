import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { bootstrapMeans } from './bootstrap.ts';

describe('bootstrapMeans', () => {
  it('comes close to the normal interval of a mean where there are many queries', () => {
    const random = RandomSource.fromSeed(5);
    const values = Float64Array.from({ length: 2000 }, () => (random.uniform() < 0.3 ? 1 : 0));
    const [{ value, low, high }] = bootstrapMeans([values], { seed: 1, resamples: 2000 });
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const half = 1.96 * Math.sqrt((mean * (1 - mean)) / values.length);
    expect(value).toBeCloseTo(mean, 12);
    expect(Math.abs(low - (mean - half))).toBeLessThan(half * 0.15);
    expect(Math.abs(high - (mean + half))).toBeLessThan(half * 0.15);
  });

  it('finds the quantiles of the exact law of three queries', () => {
    // Means of three draws from {0, 0, 1}: 0, 1/3, 2/3, 1 with probability 8, 12, 6, 1 of 27.
    const values = [Float64Array.of(0, 0, 1)];
    const at = (level: number) => bootstrapMeans(values, { seed: 3, resamples: 5000, level })[0];
    expect(at(0.95)).toEqual({ value: 1 / 3, low: 0, high: 1 });
    expect(at(0.9).high).toBeCloseTo(2 / 3, 12);
    expect(at(0.2)).toMatchObject({ low: 1 / 3, high: 1 / 3 });
    expect(at(0.5)).toMatchObject({ low: 0, high: 2 / 3 });
  });

  it('weighs queries: a weight of 3 is a query that counts three times', () => {
    const weights = Float64Array.of(3, 1, 0);
    const [{ value }] = bootstrapMeans([Float64Array.of(1, 0.5, 9)], {
      seed: 0,
      weights: weights.map((w) => w || 1e-9),
    });
    expect(value).toBeCloseTo(3.5 / 4, 6);
    const heavy = bootstrapMeans([Float64Array.of(1, 0)], { seed: 0, weights: Float64Array.of(999, 1), level: 0.4 })[0];
    // Both queries drawn once is the middle half of the law: (999 + 0) / 1000.
    expect(heavy.low).toBeCloseTo(0.999, 12);
    expect(heavy.high).toBeCloseTo(1, 2);
  });

  it('draws the same queries for all columns, and the same ones for the same seed', () => {
    const random = RandomSource.fromSeed(6);
    const column = Float64Array.from({ length: 50 }, () => random.uniform());
    const [one, twice] = bootstrapMeans([column, column.map((x) => 1 - x)], { seed: 1 });
    expect(twice.low).toBeCloseTo(1 - one.high, 12);
    expect(bootstrapMeans([column], { seed: 1 })[0]).toEqual(one);
    expect(bootstrapMeans([column], { seed: 2 })[0].low).not.toBe(one.low);
  });

  it('is a point where there is no spread', () => {
    expect(bootstrapMeans([new Float64Array(9).fill(0.25)], { seed: 0 })).toEqual([
      { value: 0.25, low: 0.25, high: 0.25 },
    ]);
    expect(bootstrapMeans([Float64Array.of(0.7)], { seed: 0 })).toEqual([{ value: 0.7, low: 0.7, high: 0.7 }]);
  });

  it('refuses no queries, and columns that do not fit', () => {
    expect(() => bootstrapMeans([new Float64Array(0)], { seed: 0 })).toThrow('there are no queries');
    expect(() => bootstrapMeans([], { seed: 0 })).toThrow('there are no queries');
    const two = [new Float64Array(2), new Float64Array(3)];
    expect(() => bootstrapMeans(two, { seed: 0 })).toThrow('one number a query, got 2 and 3 numbers');
    const weights = new Float64Array(4);
    expect(() => bootstrapMeans([new Float64Array(2)], { seed: 0, weights })).toThrow('got 2 and 4 numbers');
  });
});
