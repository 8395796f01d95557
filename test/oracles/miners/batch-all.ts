import type { Triplet } from '../../../src/ranking/triplets/triplet.ts';
import { positivePairsOf } from './labelled-rows.ts';

/**
 * Every triplet of a batch: each ordered pair of rows of a class with each row of another class, in the order of query,
 * positive, negative. Of B rows in classes of K these are B (K - 1) (B - K), so they are given one by one.
 *
 * Corner cases: a row alone in its class is a negative only; one class alone gives nothing.
 * Source: Hermans, Beyer and Leibe 2017, section 2.2, "batch all".
 */
export function* batchAllTriplets(labels: ArrayLike<number>): Generator<Triplet> {
  for (const { query, positive } of positivePairsOf(labels)) {
    for (let negative = 0; negative < labels.length; negative++) {
      if (labels[negative] !== labels[query]) yield { query, positive, negative };
    }
  }
}
