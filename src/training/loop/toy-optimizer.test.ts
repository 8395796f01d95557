import { expect, it } from 'vitest';
import { z } from 'zod';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { stoppedAndResumed } from '../../../test/support/stopped-and-resumed.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { add, mul, sign, sub } from '../../graph/builder/operations.ts';
import { defineOptimizer } from '../../ranking/optimizers/define-optimizer.ts';
import { optimizerTableOf } from '../../ranking/optimizers/optimizer-table.ts';
import { choiceTables } from '../configuration/choice-tables.ts';

// CONTRIBUTING's recipe, followed: an optimiser is its definition and its place in a table.

/** `v' = m v + g`, `w' = w - rate sign(v')`. */
const signs = defineOptimizer({
  schema: z.strictObject({ kind: z.literal('signs'), momentum: z.number().min(0).max(1) }),
  defaults: { momentum: 0.5 },
  build: ({ momentum }) => ({
    name: 'signs',
    stateNames: ['slope'],
    update({ weight, gradient, state: [slope] }, { learningRate }) {
      const next = add(mul(slope, momentum), gradient);
      return { weight: sub(weight, mul(sign(next), learningRate)), state: [next] };
    },
  }),
});
const tables = { ...choiceTables, optimizers: optimizerTableOf([signs]) };

it('trains by an optimiser of its own table, and ends, stopped and resumed, as if it had never stopped', async () => {
  expect(signs.options).toEqual(['momentum']);
  const config = { ...tinyNormalizedConfig, optimizer: { kind: 'signs', ...signs.defaults }, steps: 8 };
  await stoppedAndResumed(config, tables, async ({ whole, resumed, checkpoint, refused }) => {
    expect(whole).toMatchObject({ ended: 'completed', step: 8 });
    expect(checkpoint.step).toBe(3);
    expect(checkpoint.names).toContain('slope:embedding.weight');
    expect(tensorDigests(resumed.weights)).toEqual(tensorDigests(whole.weights));
    expect(await refused(choiceTables)).toContain("there is no optimizer 'signs'; there are sgd, adamw");
  });
});
