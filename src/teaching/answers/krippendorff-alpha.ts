/** How far raters agree beyond chance. */
export interface Agreement {
  /** 1: always; 0: as often as chance; below: less often. Undefined where nothing can be compared, or all values are one. */
  readonly alpha: number | undefined;
  /** Units that two or more raters gave a value to: the others count for nothing. */
  readonly units: number;
  /** Values in those units. */
  readonly values: number;
}

/**
 * Krippendorff's alpha for nominal values, with any number of raters and missing values.
 *
 * Formula: `1 - (n - 1) sum_u sum_{c != k} n_uc n_uk / (m_u - 1) / sum_{c != k} n_c n_k`, with n_uc values c in unit u, m_u
 * values in it, n_c values c in all units with m_u >= 2, n of them in all.
 * Source: Krippendorff, "Computing Krippendorff's alpha-reliability", 2011, section C.
 *
 * @param units the values that raters gave each unit, one a rater.
 */
export function krippendorffAlpha(units: Iterable<readonly string[]>): Agreement {
  const totals = new Map<string, number>();
  let observed = 0;
  let compared = 0;
  let n = 0;
  for (const values of units) {
    if (values.length < 2) continue;
    const counts = countsOf(values);
    observed += unlikePairs(counts.values(), values.length) / (values.length - 1);
    for (const [value, count] of counts) totals.set(value, (totals.get(value) ?? 0) + count);
    compared++;
    n += values.length;
  }
  const expected = unlikePairs(totals.values(), n);
  return { alpha: expected === 0 ? undefined : 1 - ((n - 1) * observed) / expected, units: compared, values: n };
}

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Ordered pairs of unlike values among `n`. */
function unlikePairs(counts: Iterable<number>, n: number): number {
  let unlike = 0;
  for (const count of counts) unlike += count * (n - count);
  return unlike;
}
