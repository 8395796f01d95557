import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { affineOf, type ValueRange } from './affine.ts';
import { expectedError, meanSquaredErrorRange, minMaxRange, percentileRange } from './range-estimator.ts';
import { ValueHistogram } from './value-histogram.ts';

function seenOf(elements: readonly number[]): ValueHistogram {
  const histogram = new ValueHistogram();
  histogram.add(elements);
  return histogram;
}

/** Normal numbers, and one in 100,000 far away, as activations are. */
function activations(rectified: boolean): number[] {
  const random = RandomSource.fromSeed(3);
  return Array.from({ length: 200_000 }, (_, index) => {
    const x = index % 100_000 === 0 ? 40 - index / 1250 : random.normal();
    return rectified ? Math.max(x, 0) : x;
  });
}

/** The mean squared error of bytes over a range, element by element. */
function trueError(elements: readonly number[], range: ValueRange): number {
  const { scale, zeroPoint } = affineOf(range);
  const errors = elements.map((x) => {
    const level = Math.min(Math.max(Math.round(x / scale) + zeroPoint, 0), 255);
    return (x - scale * (level - zeroPoint)) ** 2;
  });
  return errors.reduce((sum, error) => sum + error, 0) / elements.length;
}

describe('range estimators', () => {
  it('min-max takes everything', () => {
    expect(minMaxRange(seenOf([-3, 0.5, 7, 2]))).toEqual({ low: -3, high: 7 });
  });

  it('percentile leaves out one element in 10,000 at either end', () => {
    const elements = activations(false);
    const seen = seenOf(elements);
    const { low, high } = percentileRange(seen);
    const share = (holds: (x: number) => boolean) => elements.filter(holds).length / elements.length;
    expect(share((x) => x < low)).toBeLessThanOrEqual(1e-4);
    expect(share((x) => x < low + seen.width * 4)).toBeGreaterThan(5e-5);
    expect(share((x) => x > high)).toBeLessThanOrEqual(1e-4);
    expect(low).toBeGreaterThan(seen.range.low);
    expect(high).toBeLessThan(seen.range.high);
  });

  it('percentile of few elements is all of them', () => {
    expect(percentileRange(seenOf([1, 2, 3]))).toEqual({ low: 1, high: 3 });
  });

  it.each([true, false])('mean-squared-error comes near the best range (rectified: %s)', (rectified) => {
    const elements = activations(rectified);
    const seen = seenOf(elements);
    const found = meanSquaredErrorRange(seen);
    const { low, high } = seen.range;
    let best = Number.POSITIVE_INFINITY;
    for (let top = 0.1; top <= 1; top += 0.1) {
      for (let bottom = rectified ? 1 : 0.1; bottom <= 1; bottom += 0.1) {
        best = Math.min(best, trueError(elements, { low: low * bottom, high: high * top }));
      }
    }
    expect(trueError(elements, found)).toBeLessThan(1.03 * best);
    expect(trueError(elements, found)).toBeLessThan(0.9 * trueError(elements, { low, high }));
    expect(expectedError(seen, found) / trueError(elements, found)).toBeCloseTo(1, 1);
  });

  it('zeros alone have a range of no width', () => {
    for (const estimate of [minMaxRange, percentileRange, meanSquaredErrorRange]) {
      const { low, high } = estimate(seenOf([0, 0]));
      expect([Math.abs(low), Math.abs(high)]).toEqual([0, 0]);
    }
  });
});
