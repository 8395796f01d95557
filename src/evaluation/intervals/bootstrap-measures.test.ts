import { describe, expect, it } from 'vitest';
import { bootstrapMeasures } from './bootstrap-measures.ts';

/** All means of `count` classes drawn from these, each as often as it is drawn, sorted. */
function meansOfDraws(classes: readonly { sum: number; weight: number }[]): number[] {
  const draws = classes.reduce<number[][]>(
    (lists) => lists.flatMap((list) => classes.map((_, c) => [...list, c])),
    [[]],
  );
  const total = (draw: number[], of: 'sum' | 'weight') => draw.reduce((all, c) => all + classes[c][of], 0);
  return draws.map((draw) => total(draw, 'sum') / total(draw, 'weight')).sort((a, b) => a - b);
}

const classes = Int32Array.of(7, 7, 7, 2, 2, 5);
const values = Float64Array.of(1, 1, 0.5, 0, 0.25, 1);

describe('bootstrapMeasures over classes', () => {
  it('has the mean over queries, and the quantiles of all draws of whole classes', () => {
    const exact = meansOfDraws([
      { sum: 2.5, weight: 3 },
      { sum: 0.25, weight: 2 },
      { sum: 1, weight: 1 },
    ]);
    const options = { seed: 3, resamples: 20_000, over: 'classes' } as const;
    const [wide] = bootstrapMeasures([{ values, classes }], options);
    expect(wide.value).toBeCloseTo(3.75 / 6, 12);
    // 27 draws: the ends are their smallest and largest.
    expect(wide.low).toBeCloseTo(exact[0], 12);
    expect(wide.high).toBeCloseTo(exact[26], 12);
    const [half] = bootstrapMeasures([{ values, classes }], { ...options, level: 0.5 });
    expect(half.low).toBeCloseTo(exact[6], 12);
    expect(half.high).toBeCloseTo(exact[20], 12);
  });

  it('weighs the queries of a class', () => {
    const weights = Float64Array.of(2, 1, 1, 4, 4, 1);
    const [{ value, low, high }] = bootstrapMeasures([{ values, weights, classes }], { seed: 1, over: 'classes' });
    expect(value).toBeCloseTo((2 + 1 + 0.5 + 1 + 1) / 13, 12);
    expect(low).toBeCloseTo(1 / 8, 12);
    expect(high).toBeCloseTo(1, 12);
  });

  it('draws queries where a measure has no classes, or nobody asks for classes', () => {
    const byQueries = bootstrapMeasures([{ values }], { seed: 5 });
    expect(bootstrapMeasures([{ values }], { seed: 5, over: 'classes' })).toEqual(byQueries);
    expect(bootstrapMeasures([{ values, classes }], { seed: 5 })).toEqual(byQueries);
  });
});
