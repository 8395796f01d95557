import { z } from 'zod';
import type { Distance } from '../distances/distance.ts';
import { distanceByName } from '../distances/distance-by-name.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { semiHardMiner } from './miners/semi-hard.ts';
import { checkGap } from './rows/gap.ts';
import { minedTriplets } from './rows/mined-triplets.ts';
import { hingeTerm } from './rows/triplet-term.ts';
import * as shared from './shared-settings.ts';

/**
 * The hinge over semi-hard triplets mined in the batch: for every ordered pair (q, p) of a class, n is the closest negative
 * that is farther from q than p is; where there is none, the farthest negative. `mean over pairs of
 * max(0, g + D(q, p) - D(q, n))`. Choosing n has no gradient; the distances have.
 *
 * Shapes: embedding [B, D]; labels [B] with at most `imagesPerClass` equal ones. Ties: the first row. A batch with no pair, or
 * with no negative, has loss 0. With `memoryRows`, negatives are also taken from earlier batches. Active: pairs whose term is
 * above 0. Collapsed: g.
 * Source: Schroff et al. 2015 (FaceNet), section 3.2.
 */
export function semiHard(gap: number, distance: Distance, imagesPerClass: number, memoryRows = 0): RankingLoss {
  checkGap(gap, distance);
  return minedTriplets('semi-hard', hingeTerm(gap), distance, semiHardMiner(imagesPerClass), memoryRows);
}

/** The hinge over semi-hard triplets of the batch. */
export const semiHardLoss = defineLoss({
  schema: z.strictObject({
    kind: z.literal('semi-hard'),
    gap: shared.gap,
    distance: shared.distance,
    memory: shared.memory,
  }),
  defaults: { gap: 0.2, distance: 'squared-euclidean' },
  batch: 'classes',
  refuses: { miner: "has its miner in its name: use choices.loss: 'hinge' with choices.miner" },
  needsClasses: 'it mines its triplets in batches of classes',
  words: {
    title: 'hinge loss on semi-hard triplets',
    active: ['Active triplets', 'mined triplets whose negative is not yet farther than the positive by the gap'],
    elsewhere: ['triplet', 'triplet-margin'],
  },
  collapsed: ({ gap }) => ({ value: gap, words: 'the gap' }),
  deadGap: ({ gap }) => ({ larger: `a larger choices.gap (now ${gap})` }),
  build: ({ gap, distance }, { imagesPerClass, memoryRows }) =>
    semiHard(gap, distanceByName(distance), imagesPerClass, memoryRows),
});
