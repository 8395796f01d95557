import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { bootstrapMeans } from './bootstrap.ts';
import { bootstrapMeasures } from './bootstrap-measures.ts';
import { pairedDifferences } from './paired-differences.ts';

const random = RandomSource.fromSeed(11);
/** Queries that are easy or hard for both models alike, the first being a little better. */
const hardness = Float64Array.from({ length: 400 }, () => random.uniform());
const slightly = hardness.map((value) => value + 0.01 + 0.02 * (random.uniform() - 0.5));
const one = (values: Float64Array, weights?: Float64Array) =>
  new Map([['recallAt1', weights === undefined ? { values } : { values, weights }]]);

describe('pairedDifferences', () => {
  it('finds a small difference that the intervals of the means hide', () => {
    const { first, second, difference, better } = pairedDifferences(one(slightly), one(hardness), { seed: 1 }).get(
      'recallAt1',
    )!;
    expect(first.low).toBeLessThan(second.high);
    expect(better).toBe('first');
    expect(difference.value).toBeCloseTo(first.value - second.value, 12);
    expect(difference.low).toBeGreaterThan(0.005);
    expect(difference.high).toBeLessThan(0.015);
    expect(pairedDifferences(one(hardness), one(slightly), { seed: 1 }).get('recallAt1')!.better).toBe('second');
  });

  it('takes all three on the same resampled queries', () => {
    // With two queries every resample is one of three; a difference of another resample would show.
    const [a, b] = [Float64Array.of(1, 0), Float64Array.of(0.5, 0.5)];
    const weights = Float64Array.of(3, 1);
    const { difference } = pairedDifferences(one(a, weights), one(b, weights.slice()), { seed: 4 }).get('recallAt1')!;
    const [expected] = bootstrapMeans([Float64Array.of(0.5, -0.5)], { seed: 4, weights });
    expect(difference).toEqual(expected);
    expect(difference).toMatchObject({ value: 0.25, low: -0.5, high: 0.5 });
  });

  it('covers the true difference about as often as it says, and calls chance what is chance', () => {
    let covered = 0;
    let called = 0;
    for (let trial = 0; trial < 200; trial++) {
      const draw = RandomSource.fromSeed(trial, 'trial');
      const noise = () => Float64Array.from({ length: 60 }, () => (draw.uniform() < 0.5 ? 1 : 0));
      const options = { seed: trial, resamples: 300 };
      const { difference, better } = pairedDifferences(one(noise()), one(noise()), options).get('recallAt1')!;
      if (difference.low <= 0 && difference.high >= 0) covered++;
      if (better !== 'neither') called++;
    }
    expect(covered).toBeGreaterThan(178);
    expect(called).toBe(200 - covered);
  });

  it('finds no difference between a model and itself', () => {
    const { difference, better } = pairedDifferences(one(hardness), one(hardness), { seed: 1 }).get('recallAt1')!;
    expect({ difference, better }).toEqual({ difference: { value: 0, low: 0, high: 0 }, better: 'neither' });
  });

  it('refuses other queries, other weights and other measures', () => {
    const refused = (second: Parameters<typeof pairedDifferences>[1]) => () =>
      pairedDifferences(one(hardness), second, { seed: 0 });
    expect(refused(one(hardness.slice(1)))).toThrow('recallAt1 has 400 and 399 of them: judge both on the same images');
    expect(refused(one(hardness, hardness))).toThrow('on the same queries');
    expect(refused(new Map([['mapAtR', { values: hardness }]]))).toThrow('by the same measures');
    const weighted = () => pairedDifferences(one(hardness, hardness), one(hardness, slightly), { seed: 0 });
    expect(weighted).toThrow('on the same queries');
  });
});

describe('bootstrapMeasures', () => {
  it('gives what each measure alone would get, whatever its neighbours', () => {
    const weights = Float64Array.from(hardness, (_, query) => 1 + (query % 3));
    const measures = [{ values: hardness }, { values: slightly, weights }, { values: slightly }];
    const alone = measures.map(
      ({ values, ...rest }) => bootstrapMeans([values], { seed: 2, resamples: 50, ...rest })[0],
    );
    expect(bootstrapMeasures(measures, { seed: 2, resamples: 50 })).toEqual(alone);
  });
});
