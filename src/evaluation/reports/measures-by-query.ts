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
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import type { QueryMeasure } from '../intervals/bootstrap-measures.ts';
import { measureQueries, retrievalMeasures } from '../measures/retrieval-measures.ts';
import { similarityPrecisions } from '../measures/similarity-precision.ts';
import { checkEmbeddings } from '../neighbours/embedding-table.ts';
import { nearestNeighbours } from '../neighbours/nearest-neighbours.ts';
import { neighboursOfRows } from '../neighbours/neighbours-of-rows.ts';

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
  /**
   * Rows that are judged, ascending: each is searched among all other rows, those that are not judged with them. The random triplets are of
   * these rows alone. Default: all.
   */
  readonly queries?: ArrayLike<number>;
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
  queries: optional(arrayLike('an array with the rows that are judged')),
  triplets: optional(wholeNumber(1)),
  ...longWorkRules,
};

/** How good embeddings are, query by query, and what the measures are over. */
export interface MeasuresByQuery {
  /** Images that were judged, and their classes. */
  readonly images: number;
  readonly classes: number;
  /** Images that each query was searched among, itself not counted. */
  readonly gallery: number;
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
  const { labels, engine, dimension, distance = 'euclidean', ks = [1, 5, 10], triplets = 20_000 } = options;
  const embeddings = { data: options.embeddings, dimension };
  const rows = checkEmbeddings(embeddings);
  if (rows !== labels.length) {
    throw new UsageError(
      `evaluation: ${rows} embeddings of ${dimension} numbers, but ${labels.length} labels; give one each`,
      { path: 'labels', expected: `${rows} numbers` },
    );
  }
  const judged = evaluatedRows(options.queries, rows);
  const images = new ImagesByClass(labels);
  const among = judged === undefined ? images : new ImagesByClass(judged.map((row) => labels[row]));
  among.requireTriplets('evaluation');

  const measures = retrievalMeasures(ks);
  const asking = judged ?? Int32Array.from({ length: rows }, (_, row) => row);
  const mostRelevant = asking.reduce((most, query) => Math.max(most, images.positiveCount(query)), 0);
  const wanted = { k: Math.max(mostRelevant, ...ks), engine, distance };
  const neighbours =
    judged === undefined ? nearestNeighbours(embeddings, wanted) : neighboursOfRows(embeddings, judged, wanted);
  const tell = (done: number) => advance(options, { work: 'judging', unit: 'queries', done, total: asking.length });
  const perQuery = await measureQueries(measures, neighbours, labels, images, tell, asking);
  const classes = asking.filter((row) => images.positiveCount(row) > 0).map((row) => labels[row]);
  return {
    images: asking.length,
    classes: among.classCount,
    gallery: rows - 1,
    queries: perQuery[0].length,
    triplets,
    measures: new Map<string, QueryMeasure>([
      ...measures.map(({ name }, m) => [name, { values: perQuery[m], classes }] as const),
      ['similarityPrecision', randomPrecision(options, among, judged)],
    ]),
  };
}

/** The rows that were asked for, checked. @throws if they are not ascending rows of the embeddings. */
function evaluatedRows(queries: MeasureOptions['queries'], rows: number): Int32Array | undefined {
  if (queries === undefined) return undefined;
  const judged = Int32Array.from(queries);
  const wrong = judged.findIndex(
    (row, place) => row !== queries[place] || row >= rows || row <= (judged[place - 1] ?? -1),
  );
  if (wrong < 0) return judged;
  const expected = `ascending rows from 0 to ${rows - 1}`;
  throw new UsageError(`evaluation: queries must be ${expected}, got ${queries[wrong]} at place ${wrong}`, {
    path: `queries.${wrong}`,
    expected,
    value: queries[wrong],
  });
}

/** Similarity precision over random triplets of the judged images. */
function randomPrecision(
  { embeddings: data, dimension, labels, distance = 'euclidean', seed = 0, triplets = 20_000 }: MeasureOptions,
  images: ImagesByClass,
  judged: Int32Array | undefined,
): QueryMeasure {
  const drawn = classUniformTriplets(images, triplets, RandomSource.fromSeed(seed, 'similarity precision'));
  const ofRows = judged === undefined ? drawn : tripletsOfRows(drawn, judged);
  const { values, weights, queries } = similarityPrecisions({ data, dimension }, ofRows, rankingDistance(distance));
  return { values, weights, classes: queries.map((row) => labels[row]) };
}

function* tripletsOfRows(triplets: Iterable<Triplet>, rows: Int32Array): Generator<Triplet, void, undefined> {
  for (const { query, positive, negative } of triplets) {
    yield { query: rows[query], positive: rows[positive], negative: rows[negative] };
  }
}

/** The distance by its name; for Euclidean its square, which ranks alike and costs no root. */
export function rankingDistance(name: SearchDistanceName) {
  return searchDistanceByName(name === 'euclidean' ? 'squared-euclidean' : name);
}
