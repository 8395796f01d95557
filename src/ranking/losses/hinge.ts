import { z } from 'zod';
import type { Distance } from '../distances/distance.ts';
import { distanceByName } from '../distances/distance-by-name.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { minerByName } from './miners/miner-table.ts';
import { checkGap } from './rows/gap.ts';
import { minedTriplets } from './rows/mined-triplets.ts';
import { rowTriplets } from './rows/row-triplets.ts';
import { hingeTerm } from './rows/triplet-term.ts';
import * as shared from './shared-settings.ts';

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

/** The hinge over listed triplets, or over those that a miner finds. */
export const hingeLoss = defineLoss({
  schema: z.strictObject({
    kind: z.literal('hinge'),
    gap: shared.gap,
    distance: shared.distance,
    miner: shared.miner,
    memory: shared.memory,
  }),
  defaults: { gap: 0.2, distance: 'squared-euclidean' },
  batch: 'by miner',
  words: {
    title: 'hinge loss on triplets',
    active: [
      'Active triplets',
      'triplets that still push: the negative is not yet farther than the positive by the gap',
    ],
    elsewhere: ['triplet', 'triplet-margin'],
  },
  collapsed: ({ gap }) => ({ value: gap, words: 'the gap' }),
  deadGap: ({ gap }) => ({ larger: `a larger choices.gap (now ${gap})` }),
  build({ gap, miner, ...config }, { imagesPerClass, memoryRows }) {
    const distance = distanceByName(config.distance);
    if (miner === undefined) return hinge(gap, distance);
    checkGap(gap, distance);
    const named = `hinge, ${miner}`;
    return minedTriplets(named, hingeTerm(gap), distance, minerByName(miner).build(imagesPerClass), memoryRows);
  },
});
