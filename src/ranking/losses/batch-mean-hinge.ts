import { z } from 'zod';
import { add, clip, greater, indicator, reduceMean, relu, sub } from '../../graph/builder/operations.ts';
import type { Distance } from '../distances/distance.ts';
import { distanceByName } from '../distances/distance-by-name.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { checkGap } from './rows/gap.ts';
import { tripletDistances } from './rows/triplet-rows.ts';
import * as shared from './shared-settings.ts';

/**
 * What the article's code computes instead of its formula: embeddings are clipped to [1e-7, 1 - 1e-7], which throws every
 * negative component away, and the maximum is taken once, of the batch's mean: `max(0, mean of (g + D(q, p) - D(q, n)))`, so
 * that easy triplets cancel hard ones. Kept for reproducing the article; `hinge` is the loss to use.
 *
 * Shapes: embedding [3 T, D]. Active: triplets that the formula's hinge would count. Collapsed: g.
 * Source: Zingade's Keras code, `deepRanking.py`.
 */
export function batchMeanHinge(gap: number, distance: Distance): RankingLoss {
  checkGap(gap, distance);
  return {
    name: 'batch-mean-hinge',
    batch: 'triplets',
    separable: false,
    collapsedValue: gap,
    memoryRows: 0,
    build(embedding) {
      const clipped = clip(embedding, 1e-7, 1 - 1e-7);
      const { toPositive, toNegative } = tripletDistances(clipped, distance);
      const terms = add(sub(toPositive, toNegative), gap);
      return { loss: relu(reduceMean(terms)), activeShare: reduceMean(indicator(greater(terms, 0), terms)) };
    },
    feeds: () => ({}),
  };
}

/** The loss of the article's code, for reproducing it. */
export const batchMeanHingeLoss = defineLoss({
  schema: z.strictObject({ kind: z.literal('batch-mean-hinge'), gap: shared.gap, distance: shared.distance }),
  defaults: { gap: 0.2, distance: 'squared-euclidean' },
  batch: 'triplets',
  words: {
    title: 'hinge loss on the mean of a batch',
    active: ['Active triplets', 'triplets whose negative is not yet farther than the positive by the gap'],
  },
  collapsed: ({ gap }) => ({ value: gap, words: 'the gap' }),
  deadGap: ({ gap }) => ({
    larger: `a larger choices.gap (now ${gap})`,
    harder: "choices.loss: 'hinge', which takes the maximum for each triplet",
    lossBelow: 0.01 * gap,
  }),
  build: ({ gap, distance }) => batchMeanHinge(gap, distanceByName(distance)),
});
