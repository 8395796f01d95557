import { squaredEuclidean } from '../distances/squared-euclidean.ts';
import type { Triplet } from '../triplets/triplet.ts';
import type { EmbeddingTable } from './embedding-table.ts';

/** Similarity precision query by query: the measure is the mean of `values`, each counted `weights` times. */
export interface QueryPrecisions {
  /** Share of the query's triplets that are ranked correctly. */
  readonly values: Float64Array;
  /** How many triplets the query has. */
  readonly weights: Float64Array;
}

/**
 * 1 if the query is closer to its positive than to its negative, 0 if it is farther, 1/2 for a tie. Distances are summed
 * in float64, so that only vectors at the very same distance tie; Euclidean and squared Euclidean rank alike.
 */
export function tripletOutcome({ data, dimension }: EmbeddingTable, { query, positive, negative }: Triplet): number {
  const row = (image: number) => data.subarray(image * dimension, (image + 1) * dimension);
  const toPositive = squaredEuclidean.between(row(query), row(positive));
  const toNegative = squaredEuclidean.between(row(query), row(negative));
  return toPositive < toNegative ? 1 : toPositive > toNegative ? 0 : 0.5;
}

/**
 * Similarity precision: the share of triplets that are ranked correctly, a tie counting one half, taken apart by query in
 * the order in which queries appear. A random embedding gets 1/2, and so does a collapsed one.
 *
 * Source: Wang et al. 2014, section 6.2.
 */
export function similarityPrecisions(embeddings: EmbeddingTable, triplets: Iterable<Triplet>): QueryPrecisions {
  const byQuery = new Map<number, { correct: number; count: number }>();
  for (const triplet of triplets) {
    let tally = byQuery.get(triplet.query);
    if (tally === undefined) {
      tally = { correct: 0, count: 0 };
      byQuery.set(triplet.query, tally);
    }
    tally.correct += tripletOutcome(embeddings, triplet);
    tally.count++;
  }
  const tallies = [...byQuery.values()];
  return {
    values: Float64Array.from(tallies, ({ correct, count }) => correct / count),
    weights: Float64Array.from(tallies, ({ count }) => count),
  };
}
