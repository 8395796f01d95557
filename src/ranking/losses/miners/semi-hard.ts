import {
  add,
  gather,
  greater,
  indicator,
  lengthOf,
  less,
  mul,
  neg,
  reduceSum,
  unsqueeze,
  where,
} from '../../../graph/builder/operations.ts';
import { pairFeeds, positivePairs } from '../rows/positive-pairs.ts';
import { argMax, elementsAt, farAway } from './arg-max.ts';
import { defineMiner } from './define-miner.ts';
import type { TripletMiner } from './miner.ts';

/**
 * For every ordered pair (q, p) of a class in the batch: n is the closest negative that is farther from q than p is; where
 * there is none, the farthest negative.
 *
 * Shapes: at most `imagesPerClass` rows of a label, so that there are at most `B (imagesPerClass - 1)` pairs; a row of C
 * distances is looked at for each pair, never B^3 of them. Ties: the first row. A pair without a negative is no triplet.
 * Source: Schroff et al. 2015 (FaceNet), section 3.2.
 */
export function semiHardMiner(imagesPerClass: number): TripletMiner {
  return {
    name: 'semi-hard',
    averagesOver: 'all',
    mine({ embedding, distances, relations }) {
      const [rows, candidates] = [lengthOf(distances, 0), lengthOf(distances, 1)];
      const { queries, positives, weights } = positivePairs(embedding, rows, imagesPerClass);
      const rowStart = mul(queries, candidates);
      const toPositive = elementsAt(distances, rows * candidates, add(rowStart, positives));

      const fromQuery = gather(distances, queries);
      const isNegative = gather(relations.negative, queries);
      const farther = mul(isNegative, indicator(greater(fromQuery, unsqueeze(toPositive, [1])), fromQuery));
      const closest = where(greater(farther, 0), neg(fromQuery), -farAway);
      const farthest = where(greater(isNegative, 0), fromQuery, -farAway);
      const semiHardExists = less(0, reduceSum(farther, [1]));
      const chosen = where(semiHardExists, argMax(closest), argMax(farthest));
      const toNegative = elementsAt(distances, rows * candidates, add(rowStart, chosen));
      const hasNegative = indicator(less(0, reduceSum(isNegative, [1])), fromQuery);
      return { toPositive, toNegative, weight: mul(weights, hasNegative) };
    },
    feeds: (labels) => pairFeeds(labels, imagesPerClass),
  };
}

/** For the table. */
export const semiHard = defineMiner({ name: 'semi-hard', build: semiHardMiner });
