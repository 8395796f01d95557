/** Measures in the order of the tables, and how they are written. */
export const measures = {
  precision: { name: 'similarity precision', percent: true },
  precisionInClass: { name: 'in class', percent: true },
  precisionOutOfClass: { name: 'out of class', percent: true },
  scoreAtTop30: { name: 'score-at-top-30', percent: false },
  recallAt1: { name: 'Recall@1', percent: true },
};

/**
 * The mean of a row's seeds with its standard error: that of the queries (a bootstrap interval of 95% is 3.92 of them wide)
 * and that of the seeds together.
 */
export function summarize(results, measure) {
  const own = results.map(({ measures }) => measures[measure]);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const value = mean(own.map((one) => one.value));
  const ofQueries = mean(own.map(({ low, high }) => (high - low) / 3.92));
  const seeds = own.length;
  const variance = seeds < 2 ? 0 : own.reduce((sum, one) => sum + (one.value - value) ** 2, 0) / (seeds - 1);
  return { value, error: Math.sqrt(ofQueries ** 2 + variance / seeds), seeds };
}

/**
 * Whether `a` is above `b`: 'above' or 'below' where the difference is more than 1.96 of its standard errors, else
 * 'undecided'. The rows are judged on the same queries, which this leaves out of account: it decides too seldom rather than
 * too often.
 */
export function compare(a, b) {
  const difference = a.value - b.value;
  if (Math.abs(difference) <= 1.96 * Math.hypot(a.error, b.error)) return 'undecided';
  return difference > 0 ? 'above' : 'below';
}

/** A value as the tables write it: percent, or a whole number. */
export const shown = (value, { percent }) => (percent ? (100 * value).toFixed(1) : value.toFixed(0));

/** A value with its 95% interval. */
export function shownWithInterval({ value, error }, measure) {
  const half = 1.96 * error;
  return `${shown(value, measure)} (${shown(value - half, measure)} to ${shown(value + half, measure)})`;
}
