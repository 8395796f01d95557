import type { Distance } from '../distances/distance.ts';
import type { RankingLoss } from './loss.ts';
import { checkGap } from './rows/gap.ts';
import { rowTriplets } from './rows/row-triplets.ts';
import { hingeTerm } from './rows/triplet-term.ts';

/**
 * The ranking loss: `mean over triplets of max(0, g + D(q, p) - D(q, n))`. The maximum is taken for each triplet, before the
 * mean, so that an easy triplet cannot pay for a hard one. At the kink the gradient is 0.
 *
 * Shapes: embedding [3 T, D], rows in turn query, positive, negative. Active: triplets whose term is above 0. Collapsed: g.
 * Source: Wang et al. 2014, eq. 3 (squared Euclidean); Zingade 2017 (Euclidean, g = 1).
 */
export function hinge(gap: number, distance: Distance): RankingLoss {
  checkGap(gap, distance);
  return rowTriplets('hinge', hingeTerm(gap), distance);
}
