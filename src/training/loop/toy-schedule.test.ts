import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { stoppedAndResumed } from '../../../test/support/stopped-and-resumed.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { defineSchedule } from '../../ranking/optimizers/schedules/define-schedule.ts';
import { scheduleTableOf } from '../../ranking/optimizers/schedules/schedule-table.ts';
import { choiceTables } from '../configuration/choice-tables.ts';

// CONTRIBUTING's recipe, followed: a schedule is its definition and its place in a table.

/** Halves whenever the number of the step is even. */
const limping = defineSchedule({
  name: 'limping',
  words: 'limping (half of the rate at each second step)',
  factorAt: (_, { step }) => (step % 2 === 0 ? 0.5 : 1),
});
const tables = { ...choiceTables, schedules: scheduleTableOf([limping]) };

it('trains by a schedule of its own table, and ends, stopped and resumed, as if it had never stopped', async () => {
  const schedule = { kind: 'limping', warmup: 0.25, every: 1, factor: 1 };
  const config = { ...tinyNormalizedConfig, schedule, steps: 8 };
  await stoppedAndResumed(config, tables, async ({ whole, resumed, checkpoint, log, refused }) => {
    expect(whole).toMatchObject({ ended: 'completed', step: 8 });
    const rates = (await readFile(log, 'utf8')).match(/(?<="learningRate":)[^,}]+/g)!;
    const shares = [0.5, 1, 1, 0.5, 1, 0.5, 1, 0.5];
    expect(rates.map(Number)).toEqual(shares.map((share) => share * tinyNormalizedConfig.learningRate));
    expect(checkpoint.step).toBe(3);
    expect(tensorDigests(resumed.weights)).toEqual(tensorDigests(whole.weights));
    expect(await refused(choiceTables)).toContain(
      "there is no schedule 'limping': it is one of constant, step, cosine",
    );
  });
});
