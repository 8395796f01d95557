import { RandomSource } from '../../dist/foundation/random/random-source.js';

/**
 * Triplets by the paper's law, drawn from all images at once: an exact form of what online importance sampling estimates
 * from a stream. `r` is the relevance of two images; every triplet has `r[q,p] - r[q,n] >= margin`.
 *
 * `weighted`: the query in proportion to its total relevance, the positive of its category in proportion to `r[q,p]`, an
 * in-class negative in proportion to `r[q,n]` among those that leave the margin. `uniform`: the same without weights.
 * An out-of-class negative is uniform over the images of all other categories. A query without a positive or a negative
 * is drawn anew.
 *
 * Source: Wang et al. 2014, section 5.1; "uniform" and "weighted" as in section 6.6.
 *
 * @param {import('../../dist/index.js').Relevance} relevance
 * @param {object} options
 * @param {number} options.count
 * @param {number} options.outOfClass share of triplets with a negative of another category
 * @param {'weighted' | 'uniform'} options.law
 * @param {number} options.margin
 * @param {number} options.seed
 * @returns {{ query: number, positive: number, negative: number }[]}
 */
export function gradedTriplets(relevance, { count, outOfClass, law, margin, seed }) {
  const { categories, between, totals } = relevance;
  const random = RandomSource.fromSeed(seed, `graded triplets, ${law}`);
  const members = new Map();
  for (const [image, category] of categories.entries()) {
    if (!members.has(category)) members.set(category, []);
    members.get(category).push(image);
  }
  const weightOf = (r) => (law === 'weighted' ? r : 1);
  const queryWeights = Float64Array.from(totals, weightOf);
  const everyone = Array.from(categories.keys());
  const triplets = [];
  let failures = 0;
  while (triplets.length < count) {
    const outside = random.uniform() < outOfClass;
    const query = choose(everyone, queryWeights, random);
    const mates = members.get(categories[query]);
    const r = mates.map((image) => (image === query ? 0 : between(query, image)));
    const smallest = outside ? 0 : Math.min(...r.filter((_, place) => mates[place] !== query));
    const positive = choose(
      [...mates.keys()],
      r.map((value, place) => (mates[place] !== query && value - smallest >= margin ? weightOf(value) : 0)),
      random,
    );
    const negative =
      positive === undefined
        ? undefined
        : outside
          ? outsider(categories, query, random)
          : choose(
              mates,
              r.map((value, place) => (mates[place] !== query && r[positive] - value >= margin ? weightOf(value) : 0)),
              random,
            );
    if (negative !== undefined) triplets.push({ query, positive: mates[positive], negative });
    else if (++failures > 100 * count + 1000) {
      throw new Error(`hardly any query has a positive and a negative whose relevances differ by ${margin}`);
    }
  }
  return triplets;
}

/** One of `items` in proportion to its weight; undefined if all weights are 0. */
function choose(items, weights, random) {
  let total = 0;
  for (let place = 0; place < items.length; place++) total += weights[place];
  if (!(total > 0)) return undefined;
  let left = random.uniform() * total;
  let last;
  for (let place = 0; place < items.length; place++) {
    if (weights[place] === 0) continue;
    last = items[place];
    left -= weights[place];
    if (left < 0) break;
  }
  return last;
}

/** Any image of another category; undefined where there is one category only. */
function outsider(categories, query, random) {
  for (let tries = 0; tries < 10_000; tries++) {
    const image = random.integer(categories.length);
    if (categories[image] !== categories[query]) return image;
  }
  return undefined;
}
