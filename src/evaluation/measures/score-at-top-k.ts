import {
  arrayLike,
  type OptionRules,
  objectWith,
  optional,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { SearchDistance } from '../../ranking/distances/search-distance.ts';
import { squaredEuclidean } from '../../ranking/distances/squared-euclidean.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import {
  type BootstrapOptions,
  bootstrapMeans,
  bootstrapRules,
  type MeanWithInterval,
} from '../intervals/bootstrap.ts';
import { checkEmbeddings, type EmbeddingTable } from '../neighbours/embedding-table.ts';

/** Which triplets count for a score-at-top-K. */
export interface TopKOptions {
  /** K. Default: 30, as in the paper. */
  readonly k?: number;
  /**
   * A number for each row: a query is ranked among the rows with its own number, as the paper ranks it among the images
   * of its text query. Default: among all rows.
   */
  readonly categories?: ArrayLike<number>;
  /** Default: squared Euclidean, which ranks as Euclidean does. */
  readonly distance?: SearchDistance;
}

const scoreRules: OptionRules<TopKOptions & Omit<BootstrapOptions, 'weights'>> = {
  k: optional(wholeNumber(1)),
  categories: optional(arrayLike('an array with the category of each row')),
  distance: optional(objectWith('a distance', ['between'], 'searchDistanceByName(name) gives one')),
  ...bootstrapRules,
};

/** A score-at-top-K query by query, in the order in which queries appear: the score is the sum of `values`. */
export interface QueryScores {
  readonly k: number;
  /** Correctly minus incorrectly ranked triplets of the query, of those that count. */
  readonly values: Float64Array;
  /** How many of the query's triplets count. */
  readonly counted: Float64Array;
}

/** A score-at-top-K with its confidence interval. */
export interface ScoreAtTopK extends MeanWithInterval {
  readonly k: number;
  /** Triplets that count: the score lies between minus and plus this. */
  readonly counted: number;
}

/**
 * Score-at-top-K: correctly minus incorrectly ranked triplets, over those whose positive or negative is among the K nearest
 * neighbours of the query. It asks about the top of the ranking, which a user sees; similarity precision asks about
 * all of it. It is a sum, so that it compares embeddings on one set of triplets and one gallery only.
 *
 * The interval resamples queries, see `bootstrapMeans`: it is the number of queries times that of the mean score of a
 * query.
 *
 * Source: Wang et al. 2014, section 6.2; K = 30 of 1000 images of the same text query.
 *
 * @throws as `queryScoresAtTopK` does, and if there are no triplets.
 */
export function scoreAtTopK(
  embeddings: EmbeddingTable,
  triplets: Iterable<Triplet>,
  given: TopKOptions & Omit<BootstrapOptions, 'weights'>,
): ScoreAtTopK {
  checkOptions(given, scoreRules);
  const { seed, resamples, level, ...options } = given;
  const scores = queryScoresAtTopK(embeddings, triplets, options);
  const [mean] = bootstrapMeans([scores.values], {
    seed,
    ...(resamples === undefined ? {} : { resamples }),
    ...(level === undefined ? {} : { level }),
  });
  return summedScore(scores, mean);
}

/** A score-at-top-K from those of its queries and their mean with its interval. */
export function summedScore({ k, values, counted }: QueryScores, mean: MeanWithInterval): ScoreAtTopK {
  return {
    k,
    value: values.reduce((sum, value) => sum + value, 0),
    low: mean.low * values.length,
    high: mean.high * values.length,
    counted: counted.reduce((sum, count) => sum + count, 0),
  };
}

/**
 * The score-at-top-K of each query that has a triplet.
 *
 * Corner cases, for the paper leaves them open:
 * - The query is not its own neighbour. A copy of it in another row is a neighbour like any.
 * - A row is among the K nearest if fewer than K others are strictly closer to the query: rows at the very distance of the
 *   K-th are all in, whatever their order. In a collapsed embedding every triplet counts.
 * - A triplet whose positive and negative are equally far scores 0, and is counted.
 * - A positive or negative of another category is not in the query's gallery, so it is never among the neighbours; the
 *   triplet may count by its other image.
 * - Where the gallery has at most K other rows, all of them are among the neighbours.
 *
 * Every query is compared with its whole gallery in float64: a million pairs of 64 dimensions take about 0.2 s. Memory
 * holds the triplets, grouped by query.
 *
 * @throws if the numbers are not whole rows, one is not finite, K is not a whole number of at least 1, or `categories` has
 * not one number a row.
 */
export function queryScoresAtTopK(
  embeddings: EmbeddingTable,
  triplets: Iterable<Triplet>,
  { k = 30, categories, distance = squaredEuclidean }: TopKOptions = {},
): QueryScores {
  const rows = checkEmbeddings(embeddings);
  if (!Number.isInteger(k) || k < 1) {
    const expected = 'a whole number of at least 1';
    throw new UsageError(`score-at-top-K: K must be ${expected}, got ${k}`, { path: 'k', expected, value: k });
  }
  if (categories !== undefined && categories.length !== rows) {
    throw new UsageError(`score-at-top-K: ${rows} embeddings, but ${categories.length} categories; give one each`, {
      path: 'categories',
      expected: `${rows} numbers`,
    });
  }
  const { data, dimension } = embeddings;
  const vectors = Array.from({ length: rows }, (_, row) => data.subarray(row * dimension, (row + 1) * dimension));
  const galleries = rowsByCategory(rows, categories);
  const byQuery = tripletsByQuery(triplets);
  const values = new Float64Array(byQuery.size);
  const counted = new Float64Array(byQuery.size);
  let place = 0;
  for (const [query, own] of byQuery) {
    const gallery = galleries.get(categories === undefined ? 0 : categories[query])!;
    const to = (row: number) => distance.between(vectors[query], vectors[row]);
    const farthest = kthSmallest(gallery, query, k, to);
    const isNear = (row: number, away: number) =>
      away <= farthest && (categories === undefined || categories[row] === categories[query]);
    for (const { positive, negative } of own) {
      const [toPositive, toNegative] = [to(positive), to(negative)];
      if (!isNear(positive, toPositive) && !isNear(negative, toNegative)) continue;
      counted[place]++;
      values[place] += Math.sign(toNegative - toPositive);
    }
    place++;
  }
  return { k, values, counted };
}

function rowsByCategory(rows: number, categories: ArrayLike<number> | undefined): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const category = categories === undefined ? 0 : categories[row];
    const group = groups.get(category);
    if (group === undefined) groups.set(category, [row]);
    else group.push(row);
  }
  return groups;
}

function tripletsByQuery(triplets: Iterable<Triplet>): Map<number, Triplet[]> {
  const groups = new Map<number, Triplet[]>();
  for (const triplet of triplets) {
    const group = groups.get(triplet.query);
    if (group === undefined) groups.set(triplet.query, [triplet]);
    else group.push(triplet);
  }
  return groups;
}

/** The distance of the K-th nearest row of a gallery, the query left out; infinite where there are fewer. */
function kthSmallest(gallery: readonly number[], query: number, k: number, to: (row: number) => number): number {
  const distances = new Float64Array(gallery.length - 1);
  let place = 0;
  for (const row of gallery) if (row !== query) distances[place++] = to(row);
  return k > distances.length ? Number.POSITIVE_INFINITY : distances.sort()[k - 1];
}
