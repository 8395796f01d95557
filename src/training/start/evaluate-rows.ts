import type { Engine } from '../../engines/engine.ts';
import { measureQueries, retrievalMeasures } from '../../evaluation/measures/retrieval-measures.ts';
import { neighboursOfRows } from '../../evaluation/neighbours/neighbours-of-rows.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';

/** Measures of each query, by their keys in an evaluation report; queries alone in their class are left out. */
export interface EvaluatedRows {
  /** The rows that were judged, ascending. */
  readonly queries: readonly number[];
  readonly measures: ReadonlyMap<string, Float64Array>;
}

/** Which embeddings are judged, and by what. */
export interface EvaluateRowsOptions {
  readonly engine: Engine;
  /** One row of `dimension` numbers a picture. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  readonly labels: ArrayLike<number>;
  /** Rows that are searched for, ascending. Default: all. */
  readonly queries?: readonly number[];
  /** The K of recall and precision. Default: 1. */
  readonly ks?: readonly number[];
}

/**
 * How well rows are found among all others, query by query, by Euclidean distance: Recall@K, precision@K, R-precision and MAP@R.
 *
 * Source: Musgrave et al. 2020, "A metric learning reality check", section 3.
 */
export async function evaluateRows(options: EvaluateRowsOptions): Promise<EvaluatedRows> {
  const { engine, embeddings, dimension, labels, ks = [1] } = options;
  const images = new ImagesByClass(labels);
  const asked = options.queries ?? Array.from({ length: labels.length }, (_, row) => row);
  const queries = asked.filter((row) => images.positiveCount(row) > 0);
  const most = queries.reduce((largest, query) => Math.max(largest, images.positiveCount(query)), 0);
  const measures = retrievalMeasures(ks);
  const neighbours = neighboursOfRows({ data: embeddings, dimension }, queries, {
    k: Math.max(most, ...ks),
    engine,
    distance: 'euclidean',
  });
  const values = await measureQueries(measures, neighbours, labels, images, undefined, queries);
  return { queries, measures: new Map(measures.map(({ name }, m) => [name, values[m]])) };
}

/** Recall@1 and MAP@R of each query, added: what candidates are compared by. */
export function scoresOf({ measures }: Pick<EvaluatedRows, 'measures'>): Float64Array {
  const [recall, precision] = [measures.get('recallAt1')!, measures.get('mapAtR')!];
  return recall.map((value, query) => value + precision[query]);
}
