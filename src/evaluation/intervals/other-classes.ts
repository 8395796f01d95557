import { UsageError } from '../../foundation/errors/usage-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { BootstrapOptions, MeanWithInterval } from './bootstrap.ts';
import { quantile } from './quantile.ts';

/** How other classes are drawn. */
export interface OtherClassesOptions extends Omit<BootstrapOptions, 'weights'> {
  /**
   * How far what is measured may be from what is to be said, however many classes there are: its standard deviation, in units of
   * `sqrt(m (1 - m))`. 0.1 is the chance of 100 queries. Default: 0.
   */
  readonly deviation?: number;
}

/**
 * The mean of each column over its queries, and the interval in which it would lie for as many other classes of the same kind.
 *
 * Unlike a bootstrap over classes, which says how far the mean of all classes that there are may be from this one, it says what a
 * second handful of classes may show: its ends are about 1.4 times as far apart where classes are many. And where they are few it
 * does not take them for all that there is: five classes that are found whole are no proof that a sixth is.
 *
 * Formula: Pólya's urn. It begins with each of the C classes, and one of which nothing is known. C times a class is drawn and goes
 * back with another like it; the unknown one is each time a class whose mean is anything from 0 to 1, as likely, with as many
 * queries as classes have on average. A draw's mean is `m = sum n_c m_c / sum n_c`, moved by `deviation sqrt(m (1 - m))` times a normal
 * number, and kept from 0 to 1; the interval reaches from the (1 - level) / 2
 * quantile of the draws to the opposite one.
 *
 * Source: Blackwell and MacQueen 1973, "Ferguson distributions via Pólya urn schemes"; Lo 1988, "A Bayesian bootstrap for a finite
 * population".
 *
 * Shapes: every column has one number from 0 to 1 a query, `classes` the class of each query.
 *
 * @throws UsageError if there are no queries, or a column has not one number a query.
 */
export function meansOfOtherClasses(
  columns: readonly Float64Array[],
  classes: ArrayLike<number>,
  { seed, resamples = 1000, level = 0.95, deviation = 0 }: OtherClassesOptions,
): MeanWithInterval[] {
  const wrong = columns.find(({ length }) => length !== classes.length);
  if (classes.length === 0 || wrong !== undefined) {
    const found = wrong === undefined ? 'no queries' : `${wrong.length} numbers of ${classes.length} queries`;
    throw new UsageError(`other classes: every column has one number a query, got ${found}`, {
      path: 'columns',
      expected: 'a number for each of one or more queries',
    });
  }
  const { counts, sums } = totalsOf(columns, classes);
  const usual = classes.length / counts.length;
  const random = RandomSource.fromSeed(seed, 'other classes');
  const means = columns.map(() => new Float64Array(resamples));
  for (let draw = 0; draw < resamples; draw++) {
    const drawn = drawnClasses(counts.length, random);
    const queries = drawn.reduce((sum, { known }) => sum + (known === undefined ? usual : counts[known]), 0);
    for (const [c, own] of sums.entries()) {
      const found = drawn.reduce((sum, { known, mean }) => sum + (known === undefined ? usual * mean : own[known]), 0);
      const mean = found / queries;
      const moved = deviation === 0 ? 0 : deviation * Math.sqrt(Math.max(0, mean * (1 - mean))) * random.normal();
      means[c][draw] = Math.min(1, Math.max(0, mean + moved));
    }
  }
  return columns.map((_, c) => {
    const sorted = means[c].sort();
    return {
      value: sums[c].reduce((sum, one) => sum + one, 0) / classes.length,
      low: quantile(sorted, (1 - level) / 2),
      high: quantile(sorted, (1 + level) / 2),
    };
  });
}

/** A class from the urn: one of those that were judged, or one of which nothing was known, with its mean. */
interface Drawn {
  readonly known: number | undefined;
  readonly mean: number;
}

/** As many classes as there are, out of Pólya's urn. */
function drawnClasses(count: number, random: RandomSource): Drawn[] {
  const urn: Drawn[] = Array.from({ length: count }, (_, known) => ({ known, mean: 0 }));
  for (let draw = 0; draw < count; draw++) {
    // The last place is the unknown class's.
    const place = random.integer(urn.length + 1);
    urn.push(urn[place] ?? { known: undefined, mean: random.uniform() });
  }
  return urn.slice(count);
}

/** Queries of each class, and the sum of each column over them. */
function totalsOf(columns: readonly Float64Array[], classes: ArrayLike<number>) {
  const places = new Map<number, number>();
  for (let query = 0; query < classes.length; query++) {
    if (!places.has(classes[query])) places.set(classes[query], places.size);
  }
  const counts = new Float64Array(places.size);
  const sums = columns.map(() => new Float64Array(places.size));
  for (let query = 0; query < classes.length; query++) {
    const place = places.get(classes[query])!;
    counts[place]++;
    for (const [c, column] of columns.entries()) sums[c][place] += column[query];
  }
  return { counts, sums };
}
