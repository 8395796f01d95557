import type { Distance } from '../../../src/ranking/distances/distance.ts';
import { squaredEuclidean } from '../../../src/ranking/distances/squared-euclidean.ts';
import type { Triplet } from '../../../src/ranking/triplets/triplet.ts';
import { labelledRows } from './labelled-rows.ts';

/**
 * Semi-hard mining inside a batch, in plain loops: for every query and every other row of its class as the positive, the
 * closest negative that is farther than the positive; where there is none, the farthest negative.
 *
 * Shapes: `embeddings` has `dimension` numbers for each of `labels`. Triplets come in the order of their query, then of
 * their positive. Corner cases: "farther" is strict, a negative as far as the positive is not semi-hard; of negatives at
 * one distance the first row is taken; a query without a positive or without a negative gives no triplet.
 *
 * Source: Schroff, Kalenichenko and Philbin, "FaceNet", 2015, section 3.2. The paper also wants the negative inside the
 * gap; here easy negatives beyond it stay, for the hinge gives them no loss.
 */
export function semiHardTriplets(
  embeddings: ArrayLike<number>,
  dimension: number,
  labels: ArrayLike<number>,
  distance: Distance = squaredEuclidean,
): Triplet[] {
  const rows = labelledRows(embeddings, dimension, labels, 'semi-hard mining');
  const triplets: Triplet[] = [];
  for (const [query, vector] of rows.entries()) {
    const distances = rows.map((other) => distance.between(vector, other));
    const negatives = [...rows.keys()].filter((row) => labels[row] !== labels[query]);
    for (const positive of rows.keys()) {
      if (positive === query || labels[positive] !== labels[query]) continue;
      const negative = semiHardNegative(distances, negatives, distances[positive]);
      if (negative !== undefined) triplets.push({ query, positive, negative });
    }
  }
  return triplets;
}

/** The closest of `candidates` beyond `reach`, else the farthest of them, else undefined. */
function semiHardNegative(
  distances: readonly number[],
  candidates: readonly number[],
  reach: number,
): number | undefined {
  let semiHard: number | undefined;
  let farthest: number | undefined;
  for (const row of candidates) {
    if (farthest === undefined || distances[row] > distances[farthest]) farthest = row;
    if (distances[row] <= reach) continue;
    if (semiHard === undefined || distances[row] < distances[semiHard]) semiHard = row;
  }
  return semiHard ?? farthest;
}
