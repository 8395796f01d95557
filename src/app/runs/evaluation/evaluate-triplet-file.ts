import { embedAll } from '../../../catalogue/embedding/embed-all.ts';
import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import {
  type TripletMeasures,
  tripletMeasuresByQuery,
  tripletReportOf,
} from '../../../evaluation/reports/evaluate-triplets.ts';
import type { TripletReport } from '../../../evaluation/reports/evaluation-report.ts';
import { DatasetError } from '../../../foundation/errors/dataset-error.ts';
import type { LongWork } from '../../../foundation/progress/progress.ts';
import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';
import type { Triplet } from '../../../ranking/triplets/triplet.ts';
import type { TripletMaterial } from './triplet-material.ts';

/** A model, and the triplets of a file that it is asked to rank. */
export interface MeasureTripletFileOptions extends LongWork {
  readonly material: TripletMaterial;
  /** What messages call the triplets. */
  readonly file: string;
  readonly embedder: Embedder;
  /** K of the score-at-top-K. */
  readonly scoreAt: number;
  /** Default: the model's own. */
  readonly distance?: SearchDistanceName;
}

/** A model and the triplets of a file, with the seed of the measures' intervals. */
export interface EvaluateTripletFileOptions extends MeasureTripletFileOptions {
  /** Decides the resampled queries. */
  readonly seed: number;
}

/** How a model ranks triplets, query by query. */
export interface TripletFileMeasures {
  readonly byQuery: TripletMeasures;
  readonly dimension: number;
  /** What images were compared by. */
  readonly distance: SearchDistanceName;
  /** Triplets left out because one of their images could not be read. */
  readonly skipped: number;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/** What was found out about a model on triplets. */
export interface TripletFileEvaluation extends Pick<TripletFileMeasures, 'skipped' | 'unreadable'> {
  readonly report: TripletReport;
}

/**
 * Judges a model by triplets: the share of those that it ranks as they say, and the score-at-top-K.
 *
 * @throws as `measureTripletFile` does.
 */
export async function evaluateTripletFile(options: EvaluateTripletFileOptions): Promise<TripletFileEvaluation> {
  const { byQuery, dimension, distance, skipped, unreadable } = await measureTripletFile(options);
  return { report: tripletReportOf(byQuery, { dimension, distance, seed: options.seed }), skipped, unreadable };
}

/**
 * Embeds the images of triplets and measures how they are ranked; for comparing two models in pairs.
 *
 * @throws if no triplet has three images that can be read.
 */
export async function measureTripletFile(options: MeasureTripletFileOptions): Promise<TripletFileMeasures> {
  const { material, embedder, scoreAt, distance = embedder.model.metadata.distance } = options;
  const { ids, sources, triplets, categories } = material;
  const { onProgress, signal } = options;
  const { data, dimension, indexes, unreadable } = await embedAll(embedder, sources, { onProgress, signal });
  const rows = new Map(indexes.map((index, row) => [index, row]));
  const usable: Triplet[] = [];
  for (const triplet of triplets) {
    const [query, positive, negative] = [triplet.query, triplet.positive, triplet.negative].map((i) => rows.get(i));
    if (query !== undefined && positive !== undefined && negative !== undefined)
      usable.push({ query, positive, negative });
  }
  if (usable.length === 0) {
    throw new DatasetError(
      `none of the ${triplets.length} triplets in '${options.file}' has three images that can be read; the first that cannot: ` +
        unreadable[0].error.message,
    );
  }
  const byQuery = tripletMeasuresByQuery({
    embeddings: data,
    dimension,
    triplets: usable,
    scoreAt,
    distance,
    ...(categories === undefined ? {} : { categories: indexes.map((index) => categories[index]) }),
  });
  return {
    byQuery,
    dimension,
    distance,
    skipped: triplets.length - usable.length,
    unreadable: unreadable.map(({ index, error }) => ({ id: ids[index], reason: error.message })),
  };
}
