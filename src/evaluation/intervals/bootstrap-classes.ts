import { RandomSource } from '../../foundation/random/random-source.ts';
import type { BootstrapOptions, MeanWithInterval } from './bootstrap.ts';

/**
 * The mean over queries with the interval of whole classes: classes are drawn with replacement, as many as there are, each with
 * all of its queries. Pictures of a class are alike, so that this interval is the wider and the more honest one where the
 * question is what other classes would give.
 *
 * Shapes: one number and one class a query. Of one class both ends are the mean.
 * Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 8 (more general structures: clusters).
 *
 * @param labels the class of each query.
 * @throws if there are no queries, or not one class for each.
 */
export function bootstrapClasses(
  values: Float64Array,
  labels: ArrayLike<number>,
  { seed, resamples = 1000, level = 0.95 }: Omit<BootstrapOptions, 'weights'>,
): MeanWithInterval {
  if (values.length === 0) throw new Error('bootstrap of classes: there are no queries, so there is no mean');
  if (values.length !== labels.length) {
    throw new Error(`bootstrap of classes: ${values.length} queries, but classes of ${labels.length}: give one each`);
  }
  const places = new Map<number, number>();
  const [sums, counts]: [number[], number[]] = [[], []];
  for (const [query, value] of values.entries()) {
    const place = places.get(labels[query]) ?? places.size;
    places.set(labels[query], place);
    sums[place] = (sums[place] ?? 0) + value;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const random = RandomSource.fromSeed(seed, 'bootstrap of classes');
  const means = Float64Array.from({ length: resamples }, () => {
    let [sum, count] = [0, 0];
    for (let draw = 0; draw < sums.length; draw++) {
      const place = random.integer(sums.length);
      sum += sums[place];
      count += counts[place];
    }
    return sum / count;
  }).sort();
  const at = (share: number) => means[Math.round(share * (resamples - 1))];
  const total = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  return { value: total(sums) / total(counts), low: at((1 - level) / 2), high: at((1 + level) / 2) };
}
