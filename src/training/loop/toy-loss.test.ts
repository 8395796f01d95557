import { expect, it } from 'vitest';
import { z } from 'zod';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { stoppedAndResumed } from '../../../test/support/stopped-and-resumed.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { div, matMul, max, mul, reduceSum, sub, transpose } from '../../graph/builder/operations.ts';
import { defineLoss } from '../../ranking/losses/define-loss.ts';
import { lossTableOf } from '../../ranking/losses/loss-table.ts';
import { labelsFeed, rowRelations } from '../../ranking/losses/rows/class-rows.ts';
import { choiceTables } from '../configuration/choice-tables.ts';

// CONTRIBUTING's recipe, followed: a loss is its definition and its place in a table.

/** `push` times the mean over negative pairs of `<f_i, f_j>`, less the mean over positive pairs. */
const likeness = defineLoss({
  schema: z.strictObject({ kind: z.literal('likeness'), push: z.number().positive() }),
  defaults: { push: 2 },
  batch: 'classes',
  words: { title: 'likeness loss', active: ['Pairs', 'all pairs, always'] },
  collapsed: ({ push }) => ({ value: push - 1, words: 'the push less 1' }),
  build: ({ push }) => ({
    name: 'likeness',
    batch: 'classes',
    separable: false,
    collapsedValue: push - 1,
    memoryRows: 0,
    build(embedding) {
      const { positive, negative } = rowRelations(embedding, 0);
      const similarity = matMul(embedding, transpose(embedding, [1, 0]));
      const meanOver = (pairs: typeof positive) => div(reduceSum(mul(similarity, pairs)), max(reduceSum(pairs), 1));
      const loss = sub(mul(meanOver(negative), push), meanOver(positive));
      return { loss, activeShare: div(reduceSum(negative), max(reduceSum(negative), 1)) };
    },
    feeds: labelsFeed,
  }),
});
const tables = { ...choiceTables, losses: lossTableOf([likeness]) };

it('trains a loss of its own table, and ends, stopped and resumed, as if it had never stopped', async () => {
  const config = { ...tinyNormalizedConfig, loss: { kind: 'likeness', ...likeness.defaults }, steps: 8 };
  await stoppedAndResumed(config, tables, async ({ whole, resumed, checkpoint, refused }) => {
    expect(whole).toMatchObject({ ended: 'completed', step: 8 });
    expect(checkpoint.step).toBe(3);
    expect(tensorDigests(resumed.weights)).toEqual(tensorDigests(whole.weights));
    expect(await refused(choiceTables)).toContain("there is no loss 'likeness'");
  });
});
