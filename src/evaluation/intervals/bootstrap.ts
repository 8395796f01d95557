import {
  type OptionRules,
  optional,
  properShare,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { quantile } from './quantile.ts';

/** How the bootstrap draws, and how wide its intervals are. */
export interface BootstrapOptions {
  readonly seed: number;
  /** How often the queries are drawn anew. Default: 1000. */
  readonly resamples?: number;
  /** Share of the resampled means that the interval holds. Default: 0.95. */
  readonly level?: number;
  /** How much each query counts in the means. Default: all the same. */
  readonly weights?: Float64Array;
}

/** What the bootstrap is told, but for weights. */
export const bootstrapRules: OptionRules<Omit<BootstrapOptions, 'weights'>> = {
  seed: wholeNumber(),
  resamples: optional(wholeNumber(1)),
  level: optional(properShare()),
};

/** A mean over queries with its confidence interval. */
export type MeanWithInterval = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
};

/**
 * The mean of each column and its bootstrap percentile interval: queries are drawn with replacement, as many as there
 * are, and the interval reaches from the (1 - level) / 2 quantile of the resampled means to the opposite one (linear
 * between order statistics). It tells how far the mean would move with other queries of the same kind, not with another
 * gallery or another training run.
 *
 * Shapes: every column has one number a query. All columns are resampled together, so one seed gives one set of queries.
 * With a single query both ends are its value.
 *
 * Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
 *
 * @throws if there are no queries, or columns or weights differ in length.
 */
export function bootstrapMeans(columns: readonly Float64Array[], options: BootstrapOptions): MeanWithInterval[] {
  checkOptions(options, {
    ...bootstrapRules,
    weights: optional(valueLike<Float64Array>('a Float64Array', (value) => ArrayBuffer.isView(value))),
  });
  const { seed, resamples = 1000, level = 0.95 } = options;
  const count = columns[0]?.length ?? 0;
  const weights = options.weights ?? new Float64Array(count).fill(1);
  if (count === 0) {
    const message = 'bootstrap: there are no queries, so there is no mean';
    throw new UsageError(message, { path: 'columns', expected: 'a number for each of one or more queries' });
  }
  for (const { length } of [...columns, weights]) {
    if (length !== count) {
      throw new UsageError(
        `bootstrap: columns and weights must have one number a query, got ${count} and ${length} numbers`,
        { path: 'columns', expected: `${count} numbers each` },
      );
    }
  }
  const random = RandomSource.fromSeed(seed, 'bootstrap');
  const means = columns.map(() => new Float64Array(resamples));
  const drawn = new Float64Array(count);
  for (let resample = 0; resample < resamples; resample++) {
    drawn.fill(0);
    for (let draw = 0; draw < count; draw++) {
      const query = random.integer(count);
      drawn[query] += weights[query];
    }
    const total = sumOf(drawn);
    for (const [c, column] of columns.entries()) means[c][resample] = weightedSum(column, drawn) / total;
  }
  return columns.map((column, c) => {
    const sorted = means[c].sort();
    return {
      value: weightedSum(column, weights) / sumOf(weights),
      low: quantile(sorted, (1 - level) / 2),
      high: quantile(sorted, (1 + level) / 2),
    };
  });
}

function weightedSum(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * weights[i];
  return sum;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
