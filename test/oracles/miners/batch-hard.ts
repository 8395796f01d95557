import type { Distance } from '../../../src/ranking/distances/distance.ts';
import { squaredEuclidean } from '../../../src/ranking/distances/squared-euclidean.ts';
import type { Triplet } from '../../../src/ranking/triplets/triplet.ts';
import { labelledRows } from './labelled-rows.ts';

/**
 * Batch-hard mining in plain loops: for every row as the query its farthest positive and its closest negative. Triplets come
 * in the order of their query.
 *
 * Shapes: `embeddings` has `dimension` numbers for each of `labels`. Corner cases: of rows at one distance the first is taken;
 * a row without a positive or without a negative gives no triplet. Wrong labels and near copies are what it finds first.
 * Source: Hermans, Beyer and Leibe 2017, section 2.2, "batch hard".
 */
export function batchHardTriplets(
  embeddings: ArrayLike<number>,
  dimension: number,
  labels: ArrayLike<number>,
  distance: Distance = squaredEuclidean,
): Triplet[] {
  const rows = labelledRows(embeddings, dimension, labels, 'batch-hard mining');
  const triplets: Triplet[] = [];
  for (const [query, vector] of rows.entries()) {
    let farthest = Number.NEGATIVE_INFINITY;
    let closest = Number.POSITIVE_INFINITY;
    let [positive, negative] = [-1, -1];
    for (const [row, other] of rows.entries()) {
      if (row === query) continue;
      const far = distance.between(vector, other);
      if (labels[row] === labels[query]) {
        if (far > farthest) [farthest, positive] = [far, row];
      } else if (far < closest) {
        [closest, negative] = [far, row];
      }
    }
    if (positive >= 0 && negative >= 0) triplets.push({ query, positive, negative });
  }
  return triplets;
}
