import type { Triplet } from '../triplets/triplet.ts';
import { bootstrapMeans } from './bootstrap.ts';
import { checkEmbeddings } from './embedding-table.ts';
import { type TripletReport, tripletReportSchema } from './evaluation-report.ts';
import { similarityPrecisions } from './similarity-precision.ts';

export interface EvaluateTripletsOptions {
  /** One row of `dimension` numbers an image. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  /** Triplets of rows, made by people or by a sampler. */
  readonly triplets: Iterable<Triplet>;
  /** Decides the resampled queries. Default: 0. */
  readonly seed?: number;
  /** How often the bootstrap draws the queries anew. Default: 1000. */
  readonly resamples?: number;
}

const level = 0.95;

/**
 * Judges embeddings by given triplets: the similarity precision over all of them, see `similarityPrecisions`. The
 * interval resamples queries, not triplets, for triplets of one query are not independent.
 *
 * @throws if the numbers are not whole rows, a number is not finite, a triplet names a row that is not there, or there are
 * no triplets.
 */
export function evaluateTriplets(options: EvaluateTripletsOptions): TripletReport {
  const { dimension, seed = 0, resamples = 1000 } = options;
  const embeddings = { data: options.embeddings, dimension };
  const rows = checkEmbeddings(embeddings);
  let triplets = 0;
  function* checked(): Generator<Triplet, void, undefined> {
    for (const triplet of options.triplets) {
      for (const [role, row] of Object.entries(triplet)) {
        if (Number.isInteger(row) && row >= 0 && row < rows) continue;
        throw new Error(`triplet ${triplets}: its ${role} is row ${row}, but there are ${rows} embeddings`);
      }
      triplets++;
      yield triplet;
    }
  }
  const { values, weights } = similarityPrecisions(embeddings, checked());
  if (triplets === 0) throw new Error('evaluation: there are no triplets to judge by; give at least one');
  const [similarityPrecision] = bootstrapMeans([values], { seed, resamples, level, weights });
  return tripletReportSchema.parse({
    triplets,
    queries: values.length,
    dimension,
    seed,
    intervals: { level, resamples },
    measures: { similarityPrecision },
  });
}
