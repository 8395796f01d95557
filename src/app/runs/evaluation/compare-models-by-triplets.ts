import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { QueryMeasure } from '../../../evaluation/intervals/bootstrap-measures.ts';
import { type PairedMeasure, pairedDifferences } from '../../../evaluation/intervals/paired-differences.ts';
import type { TripletMeasures } from '../../../evaluation/reports/evaluate-triplets.ts';
import { ModelError } from '../../../foundation/errors/model-error.ts';
import {
  type EvaluateTripletFileOptions,
  measureTripletFile,
  type TripletFileMeasures,
} from './evaluate-triplet-file.ts';

/** Two models and the triplets that both are asked to rank. */
export interface CompareByTripletsOptions extends Omit<EvaluateTripletFileOptions, 'embedder'> {
  readonly first: Embedder;
  readonly second: Embedder;
}

/** Two models on the same triplets. */
export interface TripletComparison extends Pick<TripletFileMeasures, 'skipped' | 'unreadable'> {
  readonly triplets: number;
  readonly queries: number;
  readonly seed: number;
  readonly intervals: { readonly level: number; readonly resamples: number };
  /** By the keys of `TripletReport.measures`. */
  readonly measures: { readonly [measure: string]: PairedMeasure };
  /** Sums over the triplets that count, which are each model's own: what is near depends on the model. */
  readonly scoreAtTopK: { readonly k: number } & PairedMeasure;
}

/**
 * Judges two models by the same triplets, and the difference between them with its interval over resampled queries; see
 * `pairedDifferences`.
 *
 * @throws as `measureTripletFile` does, and if an image could be read for one model and not for the other.
 */
export async function compareModelsByTriplets(options: CompareByTripletsOptions): Promise<TripletComparison> {
  const { seed } = options;
  const first = await measureTripletFile({ ...options, embedder: options.first });
  const second = await measureTripletFile({ ...options, embedder: options.second });
  if (first.unreadable.map(({ id }) => id).join('\n') !== second.unreadable.map(({ id }) => id).join('\n')) {
    throw new ModelError(
      `${first.unreadable.length} images could not be read for one model and ${second.unreadable.length} for the other: files of '${options.file}' have changed meanwhile; compare again`,
    );
  }
  const intervals = { level: 0.95, resamples: 1000 };
  const pairs = pairedDifferences(withScore(first.byQuery), withScore(second.byQuery), { seed, ...intervals });
  const { triplets, queries } = first.byQuery;
  const { [scoreKey]: score, ...measures } = Object.fromEntries(pairs);
  return {
    triplets,
    queries,
    seed,
    intervals,
    measures,
    scoreAtTopK: { k: options.scoreAt, ...timesQueries(score, queries) },
    skipped: first.skipped,
    unreadable: first.unreadable,
  };
}

const scoreKey = 'scoreAtTopK';

function withScore({ measures, score }: TripletMeasures): Map<string, QueryMeasure> {
  return new Map([...measures, ...(score === undefined ? [] : [[scoreKey, { values: score.values }] as const])]);
}

/** Sums over queries from means over them. */
function timesQueries({ first, second, difference, better }: PairedMeasure, queries: number): PairedMeasure {
  const times = ({ value, low, high }: PairedMeasure['first']) => ({
    value: value * queries,
    low: low * queries,
    high: high * queries,
  });
  return { first: times(first), second: times(second), difference: times(difference), better };
}
