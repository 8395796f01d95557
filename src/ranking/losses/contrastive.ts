import { z } from 'zod';
import { add, div, greater, indicator, max, mul, reduceSum, relu, sub } from '../../graph/builder/operations.ts';
import { euclidean } from '../distances/euclidean.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { labelsFeed, rowRelations } from './rows/class-rows.ts';
import { checkGap } from './rows/gap.ts';
import * as shared from './shared-settings.ts';

/**
 * Contrastive loss over every pair of a batch: `1/2 mean over positive pairs of D^2 + 1/2 mean over active negative pairs of
 * max(0, g - D)^2`, D Euclidean. Positives are drawn together without end, negatives pushed to a distance of g and no farther.
 *
 * The paper sums pairs that were chosen beforehand. In a batch of classes nearly all pairs are negative, and most of these soon
 * lie beyond g: so each kind has a mean of its own, and the negatives' is over those that still cost something.
 *
 * Shapes: embedding [B, D] of unit length; labels [B]. A kind without pairs counts 0. Active: negative pairs nearer than g, of
 * all negative pairs. Collapsed: g^2 / 2. At D = 0 a pair has gradient 0 (see `euclidean`).
 * Source: Hadsell, Chopra and LeCun 2006, eq. 4, with m for our g.
 */
export function contrastive(gap: number, memoryRows = 0): RankingLoss {
  checkGap(gap, euclidean);
  return {
    name: 'contrastive',
    batch: 'classes',
    separable: false,
    collapsedValue: gap ** 2 / 2,
    memoryRows,
    build(embedding) {
      const { candidates, positive, negative } = rowRelations(embedding, memoryRows);
      const distances = euclidean.pairwise(embedding, candidates);
      const pulled = mul(mul(distances, distances), positive);
      const short = mul(relu(sub(gap, distances)), negative);
      const tooNear = reduceSum(indicator(greater(short, 0), short));
      const pull = div(reduceSum(pulled), max(reduceSum(positive), 1));
      const push = div(reduceSum(mul(short, short)), max(tooNear, 1));
      return { loss: mul(add(pull, push), 0.5), activeShare: div(tooNear, max(reduceSum(negative), 1)) };
    },
    feeds: labelsFeed,
  };
}

/** The contrastive loss over pairs, by default with g = 1. */
export const contrastiveLoss = defineLoss({
  schema: z.strictObject({ kind: z.literal('contrastive'), gap: shared.gap, memory: shared.memory }),
  defaults: { gap: 1 },
  batch: 'classes',
  refuses: { distance: 'is defined on Euclidean distances' },
  words: {
    title: 'contrastive loss',
    active: ['Active pairs', 'pairs of different classes that are nearer than the gap'],
  },
  collapsed: ({ gap }) => ({ value: gap ** 2 / 2, words: 'half of the squared gap' }),
  build: ({ gap }, { memoryRows }) => contrastive(gap, memoryRows),
});
