import { expect, it } from 'vitest';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { likeness } from '../../../test/fixtures/toys/likeness.ts';
import { stoppedAndResumed } from '../../../test/support/stopped-and-resumed.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { lossTableOf } from '../../ranking/losses/loss-table.ts';
import { choiceTables } from '../configuration/choice-tables.ts';

// CONTRIBUTING's recipe, followed: a loss is its definition and its place in a table.

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
