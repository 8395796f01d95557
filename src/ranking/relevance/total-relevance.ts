import { optional, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { sampleWithoutReplacement } from '../../foundation/random/shuffle.ts';
import type { PairRelevance, Relevance } from './relevance.ts';

/** Where sums get long. */
export interface TotalOptions {
  /** Categories of at most this many images are summed over exactly. Default: 1000. */
  readonly exactUpTo?: number;
  /** Images of a larger category that each of its images is compared with. Default: 250. */
  readonly sample?: number;
}

/**
 * Relevance with its totals, from relevance between pairs: `r[i]` is the sum over the other images of the category. In a
 * category of more than `exactUpTo` images it is an estimate, the mean relevance to a sample of the category times the
 * number of its other images; `estimatedTotals` says how many are.
 *
 * @param seed decides the samples.
 */
export function withTotals(
  categories: Int32Array,
  between: PairRelevance,
  seed: number,
  options: TotalOptions = {},
): Relevance {
  checkOptions(options, { exactUpTo: optional(wholeNumber()), sample: optional(wholeNumber(1)) });
  const { exactUpTo = 1000, sample = 250 } = options;
  const totals = new Float64Array(categories.length);
  const members = new Map<number, number[]>();
  for (const [image, category] of categories.entries()) {
    const own = members.get(category);
    if (own === undefined) members.set(category, [image]);
    else own.push(image);
  }
  const random = RandomSource.fromSeed(seed, 'total relevance');
  let estimatedTotals = 0;
  for (const own of members.values()) {
    if (own.length <= exactUpTo) {
      for (const [place, a] of own.entries()) {
        for (let other = 0; other < place; other++) {
          const r = between(a, own[other]);
          totals[a] += r;
          totals[own[other]] += r;
        }
      }
      continue;
    }
    estimatedTotals += own.length;
    const compared = sampleWithoutReplacement(own, sample, random);
    for (const a of own) {
      const others = compared.filter((b) => b !== a);
      totals[a] = (others.reduce((sum, b) => sum + between(a, b), 0) * (own.length - 1)) / others.length;
    }
  }
  return { categories, between, totals, estimatedTotals };
}
