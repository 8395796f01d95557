import { z } from 'zod';
import { numberAbove, numberFrom, type OptionRules, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import {
  add,
  div,
  greater,
  indicator,
  less,
  matMul,
  max,
  mul,
  neg,
  reduceMax,
  reduceSum,
  sub,
  transpose,
} from '../../graph/builder/operations.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { labelsFeed, rowRelations } from './rows/class-rows.ts';
import { keepOnly, logOnePlusSumExp } from './rows/masked-sums.ts';
import * as shared from './shared-settings.ts';

/** The numbers of the multi-similarity loss. */
export interface MultiSimilaritySettings {
  /** Sharpness of the positives' side. Default 2. */
  readonly alpha: number;
  /** Sharpness of the negatives' side. Default 50. */
  readonly beta: number;
  /** The similarity that positives should exceed and negatives stay below. Default 0.5. */
  readonly base: number;
  /** How far in order a pair may be and still be mined. Default 0.1. */
  readonly epsilon: number;
}

const settingRules: OptionRules<MultiSimilaritySettings> = {
  alpha: numberAbove(0),
  beta: numberAbove(0),
  base: valueLike('a cosine, from -1 to 1,', (value) => typeof value === 'number' && value >= -1 && value <= 1),
  epsilon: numberFrom(0),
};

/**
 * Multi-similarity loss: for each row i as the anchor, with `s = <f_i, f_j>`,
 * `log(1 + sum over positives of exp(-alpha (s - base))) / alpha + log(1 + sum over negatives of exp(beta (s - base))) / beta`,
 * averaged over rows; of the pairs only those count that mining keeps: positives with `s < epsilon + the anchor's largest
 * negative s`, negatives with `s > its smallest positive s - epsilon`. Mining has no gradient.
 *
 * Shapes: embedding [B, D] of unit length; labels [B]. A row without a positive or without a negative is no anchor; a batch
 * without anchors has loss 0. Active: pairs that mining keeps, of all pairs of anchors. A collapsed network has no one value.
 * Source: Wang, Han, Huang, Dong and Scott 2019, eq. 10 to 15. The paper writes a base (lambda) of 1, the authors' code has
 * 0.5, which is the default here.
 */
export function multiSimilarity(settings: MultiSimilaritySettings, memoryRows = 0): RankingLoss {
  checkOptions(settings, settingRules);
  const { alpha, beta, base, epsilon } = settings;
  return {
    name: 'multi-similarity',
    batch: 'classes',
    separable: false,
    collapsedValue: undefined,
    memoryRows,
    build(embedding) {
      const { candidates, positive, negative } = rowRelations(embedding, memoryRows);
      const similarity = matMul(embedding, transpose(candidates, [1, 0]));
      const exists = (relation: typeof positive) => indicator(less(0, reduceSum(relation, [1], true)), similarity);
      const anchor = mul(exists(positive), exists(negative));
      const smallestPositive = neg(reduceMax(keepOnly(neg(similarity), positive), [1], true));
      const largestNegative = reduceMax(keepOnly(similarity, negative), [1], true);
      const mined = (relation: typeof positive, hard: typeof positive) =>
        mul(mul(relation, indicator(hard, similarity)), anchor);
      const minedPositive = mined(positive, less(similarity, add(largestNegative, epsilon)));
      const minedNegative = mined(negative, greater(similarity, sub(smallestPositive, epsilon)));

      const above = sub(similarity, base);
      const pull = div(logOnePlusSumExp(mul(above, -alpha), minedPositive, 1), alpha);
      const push = div(logOnePlusSumExp(mul(above, beta), minedNegative, 1), beta);
      const pairs = reduceSum(mul(add(positive, negative), anchor));
      return {
        loss: div(reduceSum(add(pull, push)), max(reduceSum(anchor), 1)),
        activeShare: div(reduceSum(add(minedPositive, minedNegative)), max(pairs, 1)),
      };
    },
    feeds: labelsFeed,
  };
}

/** The multi-similarity loss, with the numbers of the authors' code. */
export const multiSimilarityLoss = defineLoss({
  schema: z.strictObject({
    kind: z.literal('multi-similarity'),
    alpha: z.number().positive(),
    beta: z.number().positive(),
    base: z.number().min(-1).max(1),
    epsilon: z.number().min(0),
    memory: shared.memory,
  }),
  defaults: { alpha: 2, beta: 50, base: 0.5, epsilon: 0.1 },
  batch: 'classes',
  words: {
    title: 'multi-similarity loss',
    active: ['Mined pairs', 'pairs that are not clearly in order'],
    elsewhere: ['ms-loss'],
  },
  deadGap: ({ epsilon }) => ({ larger: `a larger choices.lossSettings.epsilon (now ${epsilon})` }),
  build: ({ alpha, beta, base, epsilon }, { memoryRows }) =>
    multiSimilarity({ alpha, beta, base, epsilon }, memoryRows),
});
