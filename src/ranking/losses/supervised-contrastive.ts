import { z } from 'zod';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import {
  add,
  div,
  indicator,
  less,
  matMul,
  max,
  mul,
  reduceLogSumExp,
  reduceMax,
  reduceMin,
  reduceSum,
  sub,
  transpose,
} from '../../graph/builder/operations.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { labelsFeed, rowRelations } from './rows/class-rows.ts';
import { excluded } from './rows/masked-sums.ts';
import * as shared from './shared-settings.ts';

/**
 * Supervised contrastive loss: `mean over rows i with positives of - mean over positives j of log( exp(s_ij) / sum over k != i of
 * exp(s_ik) )`, `s = <f_i, f_j> / temperature`. It is the ranking loss with every other row as a negative, softened.
 *
 * Shapes: embedding [B, D] of unit length; labels [B]. A row without a positive is a negative only; a batch without any
 * positive pair has loss 0. With `memoryRows`, embeddings of earlier batches compete and are positives, too. Active: rows, of
 * those with positives, that have a negative nearer than their farthest positive. Collapsed: log(B - 1).
 * Source: Khosla et al. 2020, eq. 2 (L_out).
 */
export function supervisedContrastive(temperature: number, memoryRows = 0): RankingLoss {
  if (!(temperature > 0)) throw new TrainingError(`the temperature must be above 0, got ${temperature} (0.1 is usual)`);
  return {
    name: 'supcon',
    batch: 'classes',
    separable: false,
    collapsedValue: undefined,
    memoryRows,
    build(embedding) {
      const { candidates, positive, negative, other } = rowRelations(embedding, memoryRows);
      const similarity = div(matMul(embedding, transpose(candidates, [1, 0])), temperature);
      // Minus a large number on the diagonal and at empty places, and nothing elsewhere.
      const competing = add(similarity, mul(sub(1, other), excluded));
      const logShare = sub(similarity, reduceLogSumExp(competing, [1], true));
      const positives = reduceSum(positive, [1]);
      const hasPositive = min1(positives);
      const meanLogShare = div(reduceSum(mul(logShare, positive), [1]), max(positives, 1));
      const rows = max(reduceSum(hasPositive), 1);
      const loss = div(reduceSum(mul(meanLogShare, -1)), rows);

      const farthestPositive = reduceMin(add(similarity, mul(sub(1, positive), -excluded)), [1]);
      const nearestNegative = reduceMax(add(similarity, mul(sub(1, negative), excluded)), [1]);
      const violated = mul(indicator(less(farthestPositive, nearestNegative), similarity), hasPositive);
      return { loss, activeShare: div(reduceSum(violated), rows) };
    },
    feeds: labelsFeed,
  };
}

/** 1 where a count is at least one, else 0. */
function min1(count: Parameters<typeof reduceSum>[0]) {
  return indicator(less(0, count), count);
}

/** The supervised contrastive loss, by default at a temperature of 0.1. */
export const supervisedContrastiveLoss = defineLoss({
  schema: z.strictObject({
    kind: z.literal('supcon'),
    temperature: z.number().positive(),
    memory: shared.memory,
  }),
  defaults: { temperature: 0.1 },
  batch: 'classes',
  words: {
    title: 'supervised contrastive loss',
    active: ['Active rows', 'rows of a batch with a negative nearer than their farthest positive'],
    elsewhere: ['ntxent', 'nt-xent', 'infonce'],
  },
  collapsed: (_, rows) => ({ value: Math.log(rows - 1), words: 'log(rows - 1)' }),
  build: ({ temperature }, { memoryRows }) => supervisedContrastive(temperature, memoryRows),
});
