import { add, gather, lengthOf, mul, unsqueeze } from '../../../graph/builder/operations.ts';
import { pairFeeds, positivePairs } from '../rows/positive-pairs.ts';
import { elementsAt } from './arg-max.ts';
import { defineMiner } from './define-miner.ts';
import type { TripletMiner } from './miner.ts';

/**
 * Every triplet of the batch: each ordered pair (q, p) of a class with each row of another class. The loss is averaged over
 * those that cost something ("not zero"), or ever fewer hard triplets would drown in easy ones.
 *
 * Shapes: at most `imagesPerClass` rows of a label; [B (imagesPerClass - 1), C] costs, never B^3.
 * Source: Hermans, Beyer and Leibe 2017, section 2.2, L_BA.
 */
export function batchAllMiner(imagesPerClass: number): TripletMiner {
  return {
    name: 'batch-all',
    averagesOver: 'costly',
    mine({ embedding, distances, relations }) {
      const [rows, candidates] = [lengthOf(distances, 0), lengthOf(distances, 1)];
      const { queries, positives, weights } = positivePairs(embedding, rows, imagesPerClass);
      const toPositive = elementsAt(distances, rows * candidates, add(mul(queries, candidates), positives));
      return {
        toPositive: unsqueeze(toPositive, [1]),
        toNegative: gather(distances, queries),
        weight: mul(gather(relations.negative, queries), unsqueeze(weights, [1])),
      };
    },
    feeds: (labels) => pairFeeds(labels, imagesPerClass),
  };
}

/** For the table. */
export const batchAll = defineMiner({ name: 'batch-all', build: batchAllMiner });
