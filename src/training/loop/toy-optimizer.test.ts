import { expect, it } from 'vitest';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { signs } from '../../../test/fixtures/toys/signs.ts';
import { stoppedAndResumed } from '../../../test/support/stopped-and-resumed.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { optimizerTableOf } from '../../ranking/optimizers/optimizer-table.ts';
import { choiceTables } from '../configuration/choice-tables.ts';

// CONTRIBUTING's recipe, followed: an optimiser is its definition and its place in a table.

const tables = { ...choiceTables, optimizers: optimizerTableOf([signs]) };

it('trains by an optimiser of its own table, and ends, stopped and resumed, as if it had never stopped', async () => {
  expect(signs.options).toEqual(['momentum']);
  const config = { ...tinyNormalizedConfig, optimizer: { kind: 'signs', ...signs.defaults }, steps: 8 };
  await stoppedAndResumed(config, tables, async ({ whole, resumed, checkpoint, refused }) => {
    expect(whole).toMatchObject({ ended: 'completed', step: 8 });
    expect(checkpoint.step).toBe(3);
    expect(checkpoint.names).toContain('slope:embedding.weight');
    expect(tensorDigests(resumed.weights)).toEqual(tensorDigests(whole.weights));
    expect(await refused(choiceTables)).toContain("there is no optimizer 'signs': it is one of sgd, adamw");
  });
});
