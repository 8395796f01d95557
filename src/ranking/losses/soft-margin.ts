import { z } from 'zod';
import type { Distance } from '../distances/distance.ts';
import { distanceByName } from '../distances/distance-by-name.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { minerByName } from './miners/miner-table.ts';
import { minedTriplets } from './rows/mined-triplets.ts';
import { rowTriplets } from './rows/row-triplets.ts';
import { softMarginTerm } from './rows/triplet-term.ts';
import * as shared from './shared-settings.ts';

/**
 * Soft margin: `mean over triplets of log(1 + exp(D(q, p) - D(q, n)))`. It has no gap to choose and goes on pushing triplets
 * that are in order, ever more weakly. On unit vectors D is at most 2 (Euclidean) or 4 (squared), so a term lies between
 * 0.018 and 4.02.
 *
 * Shapes: embedding [3 T, D], rows in turn query, positive, negative. Active: triplets whose negative is nearer than their
 * positive. Collapsed: log 2.
 * Source: Hermans, Beyer and Leibe 2017, section 2.3; they take Euclidean distances that are not squared.
 */
export function softMargin(distance: Distance): RankingLoss {
  return rowTriplets('soft-margin', softMarginTerm, distance);
}

/** The soft margin over listed triplets, or over those that a miner finds. */
export const softMarginLoss = defineLoss({
  schema: z.strictObject({
    kind: z.literal('soft-margin'),
    distance: shared.distance,
    miner: shared.miner,
    memory: shared.memory,
  }),
  defaults: { distance: 'euclidean' },
  batch: 'by miner',
  words: {
    title: 'soft-margin loss on triplets',
    active: ['Violated triplets', 'triplets whose negative is nearer than their positive'],
  },
  collapsed: () => ({ value: Math.LN2, words: 'log 2' }),
  build({ miner, ...config }, { imagesPerClass, memoryRows }) {
    const distance = distanceByName(config.distance);
    if (miner === undefined) return softMargin(distance);
    const named = `soft-margin, ${miner}`;
    return minedTriplets(named, softMarginTerm, distance, minerByName(miner).build(imagesPerClass), memoryRows);
  },
});
