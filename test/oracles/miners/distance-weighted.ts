import type { RandomSource } from '../../../src/foundation/random/random-source.ts';
import { squaredEuclidean } from '../../../src/ranking/distances/squared-euclidean.ts';
import type { Triplet } from '../../../src/ranking/triplets/triplet.ts';
import { labelledRows, positivePairsOf } from './labelled-rows.ts';

/** Distances that count as this far at least, and beyond which nothing is drawn. */
const [nearest, farthest] = [0.5, 1.4];

/**
 * The probability with which distance-weighted mining draws each row as the negative of `query`: proportional to `1 / q(d)`,
 * `q(d) = d^(D - 2) (1 - d^2 / 4)^((D - 3) / 2)`, the density of the distance of two random points of the unit sphere; d
 * below 0.5 counts as 0.5, and rows beyond 1.4 have probability 0 unless all negatives are: then all are equally likely.
 *
 * Shapes: `embeddings` has `dimension` numbers, at least 2, of unit length for each of `labels`. All zeros if the query has no
 * negative. Computed by logarithms: in 128 dimensions the weights span a factor of 1e57.
 * Source: Wu, Manmatha, Smola and Krähenbühl 2017, eq. 3 and 4, with the authors' 0.5 and 1.4.
 */
export function negativeProbabilities(
  embeddings: ArrayLike<number>,
  dimension: number,
  labels: ArrayLike<number>,
  query: number,
): number[] {
  const rows = labelledRows(embeddings, dimension, labels, 'distance-weighted mining');
  const isNegative = rows.map((_, row) => labels[row] !== labels[query]);
  const distances = rows.map((row) => Math.sqrt(squaredEuclidean.between(rows[query], row)));
  const drawn = distances.map((distance, row) => isNegative[row] && distance < farthest);
  if (!drawn.includes(true)) {
    const count = isNegative.filter(Boolean).length;
    return isNegative.map((negative) => (negative ? 1 / count : 0));
  }
  const logs = distances.map((distance) => {
    const d = Math.min(Math.max(distance, nearest), farthest);
    return (2 - dimension) * Math.log(d) + ((3 - dimension) / 2) * Math.log(1 - (d * d) / 4);
  });
  const largest = logs.reduce((most, log, row) => (drawn[row] && log > most ? log : most), Number.NEGATIVE_INFINITY);
  const weights = logs.map((log, row) => (drawn[row] ? Math.exp(log - largest) : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Distance-weighted mining in plain loops: for every query and every other row of its class as the positive, a negative drawn
 * as `negativeProbabilities` says. Triplets come in the order of their query, then of their positive.
 *
 * Corner cases: a query without a positive or without a negative gives no triplet. Each pair takes one number of `random`.
 * Source: Wu, Manmatha, Smola and Krähenbühl 2017, "Sampling Matters in Deep Embedding Learning", section 3.1.
 */
export function distanceWeightedTriplets(
  embeddings: ArrayLike<number>,
  dimension: number,
  labels: ArrayLike<number>,
  random: RandomSource,
): Triplet[] {
  const triplets: Triplet[] = [];
  const known = new Map<number, number[]>();
  for (const { query, positive } of positivePairsOf(labels)) {
    if (!known.has(query)) known.set(query, negativeProbabilities(embeddings, dimension, labels, query));
    const probabilities = known.get(query)!;
    const last = probabilities.findLastIndex((probability) => probability > 0);
    if (last < 0) continue;
    let left = random.uniform();
    const found = probabilities.findIndex((probability) => {
      left -= probability;
      return probability > 0 && left < 0;
    });
    // What rounding leaves over belongs to the last.
    triplets.push({ query, positive, negative: found < 0 ? last : found });
  }
  return triplets;
}
