import type { Distance } from '../distances/distance.ts';
import { add, greater, indicator, reduceMean, relu, sub } from '../graph/operations.ts';
import { checkGap } from './gap.ts';
import type { RankingLoss } from './loss.ts';
import { tripletDistances } from './triplet-rows.ts';

/**
 * The ranking loss: `mean over triplets of max(0, g + D(q, p) - D(q, n))`. The maximum is taken for each triplet, before the
 * mean, so that an easy triplet cannot pay for a hard one. At the kink the gradient is 0.
 *
 * Shapes: embedding [3 T, D], rows in turn query, positive, negative. Active: triplets whose term is above 0. Collapsed: g.
 * Source: Wang et al. 2014, eq. 3 (squared Euclidean); Zingade 2017 (Euclidean, g = 1).
 */
export function hinge(gap: number, distance: Distance): RankingLoss {
  checkGap(gap, distance);
  return {
    name: 'hinge',
    batch: 'triplets',
    separable: true,
    collapsedValue: gap,
    build(embedding) {
      const { toPositive, toNegative } = tripletDistances(embedding, distance);
      const terms = relu(add(sub(toPositive, toNegative), gap));
      return { loss: reduceMean(terms), activeShare: reduceMean(indicator(greater(terms, 0), terms)) };
    },
    feeds: () => ({}),
  };
}
