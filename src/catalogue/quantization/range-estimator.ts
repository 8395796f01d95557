import { highestLevel, type ValueRange } from './affine.ts';
import { binAboveZero, type ValueHistogram } from './value-histogram.ts';

/** The ways to choose the range of a value that bytes are spread over. */
export const rangeEstimatorNames = ['min-max', 'percentile', 'mean-squared-error'] as const;

/** The name of a way to choose ranges. */
export type RangeEstimatorName = (typeof rangeEstimatorNames)[number];

/** Chooses a range from what was seen of a value. Elements outside become the nearer end. */
export type RangeEstimator = (seen: ValueHistogram) => ValueRange;

/** Share of the elements that `percentile` leaves out at either end. */
export const percentileTail = 1e-4;

/** Everything that was seen. */
export const minMaxRange: RangeEstimator = (seen) => seen.range;

/** Leaves out one element in 10,000 at either end, to the nearest bin. */
export const percentileRange: RangeEstimator = (seen) => {
  const { low, high } = seen.range;
  const { counts, width, total } = seen;
  let below = 0;
  let first = 0;
  while (below + counts[first] <= percentileTail * total && first < counts.length - 1) below += counts[first++];
  let above = 0;
  let last = counts.length - 1;
  while (above + counts[last] <= percentileTail * total && last > first) above += counts[last--];
  return { low: Math.max(low, seen.middle(first) - width / 2), high: Math.min(high, seen.middle(last) + width / 2) };
};

/** How many ends `mean-squared-error` tries at either side. */
const candidates = 100;

/**
 * The range whose bytes come nearest to the elements in the mean of squares: rounding costs `scale^2 / 12` for an element
 * inside, nothing for an exact zero, clipping the square of the distance for one outside. First one end is moved and then the other, from what was
 * seen towards zero in hundredths.
 *
 * Source: Banner et al. 2019 weigh the same two terms.
 */
export const meanSquaredErrorRange: RangeEstimator = (seen) => {
  let { low, high } = seen.range;
  low = Math.min(low, 0);
  high = Math.max(high, 0);
  const best = (ranges: readonly ValueRange[]): ValueRange =>
    ranges.reduce((a, b) => (expectedError(seen, b) < expectedError(seen, a) ? b : a));
  const shares = Array.from({ length: candidates }, (_, step) => 1 - step / candidates);
  ({ high } = best(shares.map((share) => ({ low, high: high * share }))));
  return best(shares.map((share) => ({ low: low * share, high })));
};

/** The mean squared difference between the elements and what bytes over a range make of them, from the bins' middles. */
export function expectedError(seen: ValueHistogram, { low, high }: ValueRange): number {
  const scale = (Math.max(high, 0) - Math.min(low, 0)) / highestLevel;
  let sum = 0;
  for (let bin = 0; bin < seen.counts.length; bin++) {
    const count = seen.counts[bin] - (bin === binAboveZero ? seen.zeros : 0);
    if (count === 0) continue;
    const x = seen.middle(bin);
    const outside = Math.max(low - x, x - high, 0);
    sum += count * (outside > 0 ? outside ** 2 : scale ** 2 / 12);
  }
  return sum / Math.max(seen.total, 1);
}

/** The estimators by their names. */
export const rangeEstimators: Readonly<Record<RangeEstimatorName, RangeEstimator>> = {
  'min-max': minMaxRange,
  percentile: percentileRange,
  'mean-squared-error': meanSquaredErrorRange,
};
