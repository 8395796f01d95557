import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../../src/foundation/random/random-source.ts';
import { distanceWeightedTriplets, negativeProbabilities } from './distance-weighted.ts';

/** Points of the unit circle in the first two of three dimensions. */
const onSphere = (degrees: readonly number[]) =>
  degrees.flatMap((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180), 0]);
const chord = (degrees: number) => 2 * Math.sin((degrees * Math.PI) / 360);

describe('negativeProbabilities', () => {
  it('is the inverse of the density, 1 / d in three dimensions, with the near ones alike and the far ones left out', () => {
    // Query and positive at 0 and 5; negatives at 10 and 20 (nearer than 0.5), 60, 80 (1.29), 90 (1.41).
    const labels = [1, 1, 2, 3, 4, 4, 5];
    const weights = [0, 0, 1 / 0.5, 1 / 0.5, 1 / chord(60), 1 / chord(80), 0];
    const sum = weights.reduce((a, b) => a + b);
    const found = negativeProbabilities(onSphere([0, 5, 10, 20, 60, 80, 90]), 3, labels, 0);
    for (const [row, weight] of weights.entries()) expect(found[row]).toBeCloseTo(weight / sum, 12);
  });

  it('makes up for the density: points drawn uniformly from the sphere are chosen as often near as far', () => {
    const random = RandomSource.fromSeed(5);
    const dimension = 4;
    const points: number[] = [1, 0, 0, 0];
    for (let point = 0; point < 4000; point++) {
      const vector = Array.from({ length: dimension }, () => random.normal());
      points.push(...vector.map((value) => value / Math.hypot(...vector)));
    }
    const probabilities = negativeProbabilities(points, dimension, [1, ...Array(4000).fill(2)], 0);
    const shares = [0, 0, 0];
    for (const [row, probability] of probabilities.entries()) {
      const distance = Math.hypot(points[4 * row] - 1, ...points.slice(4 * row + 1, 4 * row + 4));
      const bin = Math.floor((distance - 0.5) / 0.3);
      if (bin >= 0 && bin < 3) shares[bin] += probability;
    }
    // Three bins of equal width: alike to the noise of a few hundred points in the first. A uniform draw gives 1 : 1.6 : 2.3.
    for (const share of shares) expect(share / (shares[0] + shares[1] + shares[2])).toBeCloseTo(1 / 3, 1);
  });

  it('takes all negatives alike where all are far, and nothing where there is none', () => {
    expect(negativeProbabilities(onSphere([0, 0, 120, 180]), 3, [1, 1, 2, 3], 0)).toEqual([0, 0, 0.5, 0.5]);
    expect(negativeProbabilities(onSphere([0, 30]), 3, [1, 1], 0)).toEqual([0, 0]);
  });

  it('stays finite in many dimensions', () => {
    const far = [1, ...Array(511).fill(0), 0, 1, ...Array(510).fill(0), 0.8, 0.6, ...Array(510).fill(0)];
    const found = negativeProbabilities(far, 512, [1, 2, 3], 0);
    expect(found).toEqual([0, 0, 1]);
  });
});

describe('distanceWeightedTriplets', () => {
  it('draws by these probabilities', () => {
    const [points, labels] = [onSphere([0, 5, 10, 45, 60, 80, 90]), [1, 1, 2, 3, 4, 4, 5]];
    const random = RandomSource.fromSeed(1);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw++) {
      const [{ query, positive, negative }] = distanceWeightedTriplets(points, 3, labels, random);
      expect([query, positive]).toEqual([0, 1]);
      counts[negative]++;
    }
    const expected = negativeProbabilities(points, 3, labels, 0);
    for (const [row, count] of counts.entries()) {
      const deviation = Math.sqrt(draws * expected[row] * (1 - expected[row]));
      expect(Math.abs(count - draws * expected[row])).toBeLessThanOrEqual(4 * deviation);
    }
  });

  it('gives one triplet a pair, in order, the same for the same seed, and none without a negative', () => {
    const [points, labels] = [onSphere([0, 20, 40, 60, 80]), [1, 1, 2, 1, 3]];
    const once = distanceWeightedTriplets(points, 3, labels, RandomSource.fromSeed(2));
    expect(once.map(({ query, positive }) => [query, positive])).toEqual([
      [0, 1],
      [0, 3],
      [1, 0],
      [1, 3],
      [3, 0],
      [3, 1],
    ]);
    expect(distanceWeightedTriplets(points, 3, labels, RandomSource.fromSeed(2))).toEqual(once);
    expect(distanceWeightedTriplets(onSphere([0, 20]), 3, [1, 1], RandomSource.fromSeed(2))).toEqual([]);
    expect(() => distanceWeightedTriplets([1], 3, [1, 1], RandomSource.fromSeed(2))).toThrow(
      'distance-weighted mining: 2',
    );
  });
});
