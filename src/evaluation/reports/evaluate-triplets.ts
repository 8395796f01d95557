import {
  arrayLike,
  float32Array,
  type OptionRules,
  oneOf,
  optional,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { bootstrapMeasures, type QueryMeasure } from '../intervals/bootstrap-measures.ts';
import { type QueryScores, queryScoresAtTopK, summedScore } from '../measures/score-at-top-k.ts';
import { similarityPrecisions, splitSimilarityPrecisions } from '../measures/similarity-precision.ts';
import { checkEmbeddings } from '../neighbours/embedding-table.ts';
import { type TripletReport, tripletReportSchema } from './evaluation-report.ts';
import { rankingDistance } from './measures-by-query.ts';

/** Embeddings, and the triplets that they are asked to rank. */
export interface TripletMeasureOptions {
  /** One row of `dimension` numbers an image. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  /** Triplets of rows, made by people or by a sampler. */
  readonly triplets: Iterable<Triplet>;
  /**
   * The category of each row: the similarity precision is also taken apart by whether the negative is of the query's
   * category, and score-at-top-K ranks a query among its category. Default: none.
   */
  readonly categories?: ArrayLike<number>;
  /** K of the score-at-top-K, see `scoreAtTopK`. Default: it is left out. */
  readonly scoreAt?: number;
  /** What images are compared by. Default: `euclidean`. */
  readonly distance?: SearchDistanceName;
}

const tripletRules: OptionRules<TripletMeasureOptions> = {
  embeddings: float32Array(),
  dimension: wholeNumber(1),
  triplets: valueLike(
    'an array of triplets { query, positive, negative } of rows',
    (value) => typeof value === 'object' && value !== null && Symbol.iterator in value,
  ),
  categories: optional(arrayLike('an array with the category of each row')),
  scoreAt: optional(wholeNumber(1)),
  distance: optional(oneOf(searchDistanceNames)),
};

/** Embeddings and triplets, with how the measures' intervals are drawn. */
export interface EvaluateTripletsOptions extends TripletMeasureOptions {
  /** Decides the resampled queries. Default: 0. */
  readonly seed?: number;
  /** How often the bootstrap draws the queries anew. Default: 1000. */
  readonly resamples?: number;
}

/** How embeddings rank given triplets, query by query, in the order in which queries appear. */
export interface TripletMeasures {
  readonly triplets: number;
  /** Different images among the queries. */
  readonly queries: number;
  /** By the keys of `TripletReport.measures`; a kind of triplet that there is none of is left out. */
  readonly measures: ReadonlyMap<string, QueryMeasure>;
  /** If a score-at-top-K was asked for. */
  readonly score: QueryScores | undefined;
}

const level = 0.95;

/**
 * Judges embeddings by given triplets: the similarity precision over all of them, see `similarityPrecisions`; with
 * `categories` also in-class and out-of-class, with `scoreAt` also the score-at-top-K. The intervals resample queries, not
 * triplets, for triplets of one query are not independent.
 *
 * @throws if the numbers are not whole rows, a number is not finite, a triplet names a row that is not there, or there are
 * no triplets.
 */
export function evaluateTriplets(options: EvaluateTripletsOptions): TripletReport {
  checkOptions(options, { ...tripletRules, seed: optional(wholeNumber()), resamples: optional(wholeNumber(1)) });
  return tripletReportOf(tripletMeasuresByQuery(options), options);
}

/** The report of measures that were taken with these options. */
export function tripletReportOf(
  { triplets, queries, measures, score }: TripletMeasures,
  {
    dimension,
    distance = 'euclidean',
    seed = 0,
    resamples = 1000,
  }: Omit<EvaluateTripletsOptions, 'embeddings' | 'triplets'>,
): TripletReport {
  const all = [...measures.values(), ...(score === undefined ? [] : [{ values: score.values }])];
  const means = bootstrapMeasures(all, { seed, resamples, level });
  return tripletReportSchema.parse({
    triplets,
    queries,
    dimension,
    distance,
    seed,
    intervals: { level, resamples },
    measures: Object.fromEntries([...measures.keys()].map((name, m) => [name, means[m]])),
    scoreAtTopK: score === undefined ? null : summedScore(score, means[measures.size]),
  });
}

/** What `evaluateTriplets` averages, query by query: two embeddings of the same rows can be compared in pairs. */
export function tripletMeasuresByQuery(options: TripletMeasureOptions): TripletMeasures {
  const { dimension, categories, scoreAt, distance: name = 'euclidean' } = options;
  const distance = rankingDistance(name);
  const embeddings = { data: options.embeddings, dimension };
  const rows = checkEmbeddings(embeddings);
  if (categories !== undefined && categories.length !== rows) {
    throw new UsageError(`evaluation: ${rows} embeddings, but ${categories.length} categories; give one each`, {
      path: 'categories',
      expected: `${rows} numbers`,
    });
  }
  // Asked for more than once: a generator would be empty the second time.
  const triplets = categories === undefined && scoreAt === undefined ? options.triplets : [...options.triplets];
  const checked = new CheckedTriplets(triplets, rows);
  const all = similarityPrecisions(embeddings, checked, distance);
  if (checked.count === 0) {
    const message = 'evaluation: there are no triplets to judge by; give at least one';
    throw new UsageError(message, { path: 'triplets', expected: 'at least one triplet' });
  }
  const measures = new Map<string, QueryMeasure>([['similarityPrecision', all]]);
  if (categories !== undefined) {
    const { inClass, outOfClass } = splitSimilarityPrecisions(embeddings, triplets, categories, distance);
    if (inClass.values.length > 0) measures.set('inClassPrecision', inClass);
    if (outOfClass.values.length > 0) measures.set('outOfClassPrecision', outOfClass);
  }
  const score =
    scoreAt === undefined
      ? undefined
      : queryScoresAtTopK(embeddings, triplets, {
          k: scoreAt,
          distance,
          ...(categories === undefined ? {} : { categories }),
        });
  return { triplets: checked.count, queries: all.values.length, measures, score };
}

/** Triplets that are counted, and whose rows are checked, as they pass. */
class CheckedTriplets implements Iterable<Triplet> {
  count = 0;
  readonly #triplets: Iterable<Triplet>;
  readonly #rows: number;

  constructor(triplets: Iterable<Triplet>, rows: number) {
    this.#triplets = triplets;
    this.#rows = rows;
  }

  *[Symbol.iterator](): Generator<Triplet, void, undefined> {
    for (const triplet of this.#triplets) {
      for (const [role, row] of Object.entries(triplet)) {
        if (Number.isInteger(row) && row >= 0 && row < this.#rows) continue;
        const message = `triplet ${this.count}: its ${role} is row ${row}, but there are ${this.#rows} embeddings`;
        const expected = `a row from 0 to ${this.#rows - 1}`;
        throw new UsageError(message, { path: `triplets.${this.count}.${role}`, expected, value: row });
      }
      this.count++;
      yield triplet;
    }
  }
}
