import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { bootstrapMeasures } from './bootstrap-measures.ts';
import { meansOfOtherClasses } from './other-classes.ts';

/** Queries of classes with these means, `each` of a class: a query finds with its class's probability. */
function queriesOf(means: readonly number[], each: number, random: RandomSource) {
  const values = means.flatMap((mean) => Array.from({ length: each }, () => (random.uniform() < mean ? 1 : 0)));
  const classes = means.flatMap((_, label) => Array.from({ length: each }, () => label));
  return { values: Float64Array.from(values), classes: Int32Array.from(classes) };
}

describe('meansOfOtherClasses', () => {
  it('draws by the law of the urn: one class is drawn again with probability 1/2, and else anything is as likely', () => {
    const [{ value, low, high }] = meansOfOtherClasses([Float64Array.of(1, 1)], [4, 4], {
      seed: 3,
      resamples: 40_000,
    });
    expect(value).toBe(1);
    // P(mean <= x) = x / 2 below 1.
    expect(low).toBeCloseTo(0.05, 2);
    expect(high).toBe(1);
  });

  it('has the quantiles of all draws of two classes', () => {
    // The first draw is of a, b or the unknown u, each 1/3; the second of a, b, u and what was drawn, each 1/4. Of (a, a), (a, b),
    // (b, a), (b, b) the means are 0.2, 0.5, 0.5, 0.8; the probabilities 1/6, 1/12, 1/12, 1/6. Half of all draws has a new class.
    const options = { seed: 5, resamples: 60_000 };
    const columns = [Float64Array.of(0.2, 0.2, 0.8, 0.8)];
    const classes = [0, 0, 1, 1];
    // P(mean < 0.2): (a, u) and (u, a) with u < 0.2: 2 (1/12) 0.2; (u, u) twice the same: (1/12) 0.2; two new ones, u + v < 0.4:
    // (1/12) 0.08. Together 0.0567; with 1/6 of (a, a) 0.2233.
    const [{ low }] = meansOfOtherClasses(columns, classes, { ...options, level: 1 - 2 * 0.1 });
    expect(low).toBeCloseTo(0.2, 6);
    const [{ low: below }] = meansOfOtherClasses(columns, classes, { ...options, level: 1 - 2 * 0.05 });
    expect(below).toBeLessThan(0.2);
    expect(below).toBeGreaterThan(0.17);
  });

  it('holds what as many other classes show about as often as it says, where they are many', () => {
    const random = RandomSource.fromSeed(8, 'kinds');
    let held = 0;
    let [urns, draws] = [0, 0];
    const trials = 300;
    for (let trial = 0; trial < trials; trial++) {
      const halves = [0, 1].map(() => {
        const means = Array.from({ length: 40 }, () => Math.sqrt(random.uniform()));
        return queriesOf(means, 6, random);
      });
      const [{ values, classes }, other] = halves;
      const [said] = meansOfOtherClasses([values], classes, { seed: trial, resamples: 400 });
      const [wide] = bootstrapMeasures([{ values, classes }], { seed: trial, resamples: 400, over: 'classes' });
      const found = other.values.reduce((sum, value) => sum + value, 0) / other.values.length;
      if (said.low <= found && found <= said.high) held++;
      urns += said.high - said.low;
      draws += wide.high - wide.low;
    }
    expect(held / trials).toBeGreaterThan(0.92);
    expect(urns / draws).toBeGreaterThan(1.3);
    expect(urns / draws).toBeLessThan(1.7);
  });

  it('does not take few classes that are found whole for a proof that others are', () => {
    const of = (count: number) => {
      const classes = Array.from({ length: 10 * count }, (_, query) => query % count);
      return meansOfOtherClasses([new Float64Array(10 * count).fill(1)], classes, { seed: 1 })[0].low;
    };
    expect(of(5)).toBeLessThan(0.75);
    expect(of(100)).toBeGreaterThan(0.95);
  });

  it('is as wide as the chance of so many queries where classes say all the same', () => {
    const classes = Int32Array.from({ length: 4000 }, (_, query) => query % 2000);
    const columns = [new Float64Array(4000).fill(0.8)];
    const [{ low, high }] = meansOfOtherClasses(columns, classes, { seed: 4, deviation: 0.1 });
    const half = 1.96 * Math.sqrt((0.8 * 0.2) / 100);
    expect(Math.abs(0.8 - half - low)).toBeLessThan(0.01);
    expect(Math.abs(0.8 + half - high)).toBeLessThan(0.01);
    const [exact] = meansOfOtherClasses(columns, classes, { seed: 4 });
    expect(exact.high - exact.low).toBeLessThan(0.01);
  });

  it('weighs classes by their queries, gives the same for the same seed, and refuses what has no mean', () => {
    const columns = [Float64Array.of(1, 0, 0, 0), Float64Array.of(1, 1, 1, 1)];
    const once = meansOfOtherClasses(columns, [0, 1, 1, 1], { seed: 2 });
    expect(once[0].value).toBe(0.25);
    expect(once[1].value).toBe(1);
    expect(meansOfOtherClasses(columns, [0, 1, 1, 1], { seed: 2 })).toEqual(once);
    expect(() => meansOfOtherClasses([new Float64Array(0)], [], { seed: 1 })).toThrow(/no queries/);
    expect(() => meansOfOtherClasses([new Float64Array(2)], [0], { seed: 1 })).toThrow(/2 numbers of 1 queries/);
  });
});
