import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { bootstrapMeans } from './bootstrap.ts';
import { bootstrapClasses } from './bootstrap-classes.ts';

describe('bootstrapClasses', () => {
  it('has the mean over queries, and about the interval of queries where every class has one', () => {
    const random = RandomSource.fromSeed(3);
    const values = Float64Array.from({ length: 400 }, () => random.uniform());
    const own = bootstrapClasses(
      values,
      Array.from({ length: 400 }, (_, query) => query),
      { seed: 1, resamples: 2000 },
    );
    const [expected] = bootstrapMeans([values], { seed: 1, resamples: 2000 });
    expect(own.value).toBeCloseTo(expected.value, 12);
    expect(Math.abs(own.low - expected.low)).toBeLessThan(0.006);
    expect(Math.abs(own.high - expected.high)).toBeLessThan(0.006);
  });

  it('finds the quantiles of the exact law of two classes', () => {
    // Classes with the means 0 (one query) and 1 (three queries): both drawn twice, or each once, 1/4, 1/4, 1/2.
    const { value, low, high } = bootstrapClasses(Float64Array.of(0, 1, 1, 1), [7, 9, 9, 9], { seed: 2, level: 0.4 });
    expect({ value, low, high }).toEqual({ value: 0.75, low: 0.75, high: 0.75 });
    const wide = bootstrapClasses(Float64Array.of(0, 1, 1, 1), [7, 9, 9, 9], { seed: 2 });
    expect(wide).toMatchObject({ low: 0, high: 1 });
  });

  it('is wider than that of queries where pictures of a class are alike', () => {
    const labels = Array.from({ length: 200 }, (_, query) => query % 10);
    const values = Float64Array.from(labels, (label) => label % 2);
    const classes = bootstrapClasses(values, labels, { seed: 0 });
    const [queries] = bootstrapMeans([values], { seed: 0 });
    expect(classes.high - classes.low).toBeGreaterThan(2 * (queries.high - queries.low));
  });

  it('refuses no queries, and classes of others', () => {
    expect(() => bootstrapClasses(new Float64Array(0), [], { seed: 0 })).toThrow('there are no queries');
    expect(() => bootstrapClasses(new Float64Array(2), [1], { seed: 0 })).toThrow('2 queries, but classes of 1');
  });
});
