/** How much more one way of finding scores than another on the same queries. */
export interface PairedGain {
  /** Mean of the differences over the queries. */
  readonly gain: number;
  /** Its standard error, classes being what was sampled. */
  readonly standardError: number;
}

/**
 * The gain of `first` over `second`, query by query, with its standard error over whole classes: pictures of a class are not
 * independent of each other.
 *
 * Formula: with the sum of differences s_c and the queries n_c of each of C classes, the gain is `sum s_c / sum n_c`, its error
 * `sqrt(C / (C - 1) sum (s_c - gain n_c)^2) / sum n_c`. Of one class it is infinite.
 *
 * Source: Cochran, "Sampling techniques", 1977, section 9A.2 (ratio of cluster totals).
 *
 * @param labels the class of each query.
 */
export function pairedGain(first: Float64Array, second: Float64Array, labels: ArrayLike<number>): PairedGain {
  const classes = new Map<number, { sum: number; queries: number }>();
  for (const [query, value] of first.entries()) {
    const own = classes.get(labels[query]) ?? { sum: 0, queries: 0 };
    classes.set(labels[query], { sum: own.sum + value - second[query], queries: own.queries + 1 });
  }
  const gain = [...classes.values()].reduce((all, { sum }) => all + sum, 0) / first.length;
  const squares = [...classes.values()].reduce((all, { sum, queries }) => all + (sum - gain * queries) ** 2, 0);
  const count = classes.size;
  const standardError =
    count < 2 ? Number.POSITIVE_INFINITY : Math.sqrt((count / (count - 1)) * squares) / first.length;
  return { gain, standardError };
}
