import type { Engine } from '../../engines/engine.ts';
import {
  arrayLike,
  float32Array,
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { advance, type LongWork, longWorkRules } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceByName, searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import { classUniformTriplets } from '../../ranking/triplets/samplers/class-uniform.ts';
import type { QueryMeasure } from '../intervals/bootstrap-measures.ts';
import { measureQueries, retrievalMeasures } from '../measures/retrieval-measures.ts';
import { similarityPrecisions } from '../measures/similarity-precision.ts';
import { checkEmbeddings } from '../neighbours/embedding-table.ts';
import { nearestNeighbours } from '../neighbours/nearest-neighbours.ts';

/** Embeddings, their classes, and by what they are compared. */
export interface MeasureOptions extends LongWork {
  /** One row of `dimension` numbers an image. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  /** The class of each image: any whole numbers. */
  readonly labels: ArrayLike<number>;
  /** What compares queries with the gallery. */
  readonly engine: Engine;
  /** What images are compared by. Default: `euclidean`. */
  readonly distance?: SearchDistanceName;
  /** Decides the random triplets and the resampled queries. Default: 0. */
  readonly seed?: number;
  /** The K of Recall@K and precision@K. Default: 1, 5 and 10. */
  readonly ks?: readonly number[];
  /** Random triplets for the similarity precision. Default: 20000. */
  readonly triplets?: number;
}

/** What options of a measurement have to be. */
export const measureRules: OptionRules<MeasureOptions> = {
  embeddings: float32Array(),
  dimension: wholeNumber(1),
  labels: arrayLike('an array with the class of each image'),
  engine: objectWith('an engine', ['compile'], 'await OnnxruntimeEngine.create() gives one'),
  distance: optional(oneOf(searchDistanceNames)),
  seed: optional(wholeNumber()),
  ks: optional(valueLike('an array of numbers', (value) => Array.isArray(value))),
  triplets: optional(wholeNumber(1)),
  ...longWorkRules,
};

/** How good embeddings are, query by query, and what the measures are over. */
export interface MeasuresByQuery {
  readonly images: number;
  readonly classes: number;
  /** Images that were queries in the retrieval measures. */
  readonly queries: number;
  /** Random triplets behind the similarity precision. */
  readonly triplets: number;
  /** By the keys of `EvaluationReport.measures`. Queries are in ascending order in the retrieval measures, and in the order in which they were drawn in the similarity precision. */
  readonly measures: ReadonlyMap<string, QueryMeasure>;
}

/**
 * The measures of `evaluateEmbeddings` query by query. Two embeddings of the same images, with the same labels and seed,
 * have the same queries in the same order, so they can be compared in pairs: see `pairedDifferences`.
 *
 * @throws as `evaluateEmbeddings` does.
 */
export async function measuresByQuery(options: MeasureOptions): Promise<MeasuresByQuery> {
  checkOptions(options, measureRules);
  return measured(options);
}

/** The measures of options that have been checked. */
export async function measured(options: MeasureOptions): Promise<MeasuresByQuery> {
  const { labels, engine, dimension, distance = 'euclidean', seed = 0, ks = [1, 5, 10], triplets = 20_000 } = options;
  const embeddings = { data: options.embeddings, dimension };
  const rows = checkEmbeddings(embeddings);
  if (rows !== labels.length) {
    throw new UsageError(
      `evaluation: ${rows} embeddings of ${dimension} numbers, but ${labels.length} labels; give one each`,
      { path: 'labels', expected: `${rows} numbers` },
    );
  }
  const ranking = rankingDistance(distance);
  const images = new ImagesByClass(labels);
  images.requireTriplets('evaluation');

  const measures = retrievalMeasures(ks);
  const mostRelevant = images.queries.reduce((most, query) => Math.max(most, images.positiveCount(query)), 0);
  const neighbours = nearestNeighbours(embeddings, { k: Math.max(mostRelevant, ...ks), engine, distance });
  const perQuery = await measureQueries(measures, neighbours, labels, images, (queries) =>
    advance(options, { work: 'judging', unit: 'queries', done: queries, total: rows }),
  );
  const drawn = classUniformTriplets(images, triplets, RandomSource.fromSeed(seed, 'similarity precision'));
  const similarityPrecision = similarityPrecisions(embeddings, drawn, ranking);
  return {
    images: rows,
    classes: images.classCount,
    queries: perQuery[0].length,
    triplets,
    measures: new Map<string, QueryMeasure>([
      ...measures.map(({ name }, m) => [name, { values: perQuery[m] }] as const),
      ['similarityPrecision', similarityPrecision],
    ]),
  };
}

/** The distance by its name; for Euclidean its square, which ranks alike and costs no root. */
export function rankingDistance(name: SearchDistanceName) {
  return searchDistanceByName(name === 'euclidean' ? 'squared-euclidean' : name);
}
