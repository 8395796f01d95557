import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makePictures } from './fixtures/make-pictures.ts';
import { likeness } from './fixtures/toys/likeness.ts';
import { signs } from './fixtures/toys/signs.ts';

// CONTRIBUTING's recipe to its end: a loss and an optimiser that have a line in their tables are choices of the whole program.
let base = '';
const [losses, optimizers] = ['../src/ranking/losses/loss-table.ts', '../src/ranking/optimizers/optimizer-table.ts'];
beforeAll(async () => {
  vi.resetModules();
  vi.doMock(losses, async (importOriginal) => {
    const original = await importOriginal<typeof import('../src/ranking/losses/loss-table.ts')>();
    const { likeness: toy } = await import('./fixtures/toys/likeness.ts');
    const lossTable = original.lossTableOf([...original.lossTable.ranking, toy]);
    return {
      ...original,
      lossTable,
      rankingLossNames: lossTable.ranking.map(({ name }) => name),
      lossConfigSchema: z.union([toy.schema, original.lossConfigSchema]),
      withClasses: (config: { readonly kind: string }, ...rest: [number]) =>
        config.kind === toy.name ? config : original.withClasses(config as never, ...rest),
    };
  });
  vi.doMock(optimizers, async (importOriginal) => {
    const original = await importOriginal<typeof import('../src/ranking/optimizers/optimizer-table.ts')>();
    const { signs: toy } = await import('./fixtures/toys/signs.ts');
    const optimizerTable = original.optimizerTableOf([...original.optimizerTable.all, toy]);
    return {
      ...original,
      optimizerTable,
      optimizerNames: optimizerTable.all.map(({ name }) => name),
      optimizerConfigSchema: z.union([toy.schema, original.optimizerConfigSchema]),
    };
  });
  base = await mkdtemp(path.join(tmpdir(), 'toys-'));
  await makePictures(path.join(base, 'pictures'), { classes: 4, picturesPerClass: 6, size: 16 });
});
afterAll(async () => {
  // Tests of other files have their modules from the same process.
  for (const table of [losses, optimizers]) vi.doUnmock(table);
  vi.resetModules();
  await rm(base, { recursive: true });
});

it('are offered by the options of train and what these hold', async () => {
  const { trainOptions, trainInput } = await import('../src/app/cli/options/training/train-options.ts');
  const described = (flag: string) => trainOptions.find(({ flags }) => flags.startsWith(`${flag} `))?.description;
  expect(described('--loss')).toContain(`or ${likeness.name}`);
  expect(described('--loss-settings')).toContain(`push of ${likeness.name}`);
  expect(described('--optimizer')).toContain(`or ${signs.name}`);
  expect(described('--momentum')).toContain(`momentum of sgd or ${signs.name}`);
  const typed = { output: 'run', loss: 'likeness', lossSettings: 'push=3', optimizer: 'signs', momentum: '0.4' };
  expect(trainInput.parse(typed).choices).toEqual({
    ...typed,
    output: undefined,
    lossSettings: { push: 3 },
    momentum: 0.4,
  });
});

it('train, are checkpointed and resumed by their names, refused as others, and shown on the page', async () => {
  const { trainRun } = await import('../src/app/runs/train-run.ts');
  const { loadTrainingMaterial } = await import('../src/app/runs/training-material.ts');
  const { checkedTrainingChoices } = await import('../src/training/configuration/training-choices-schema.ts');
  const material = await loadTrainingMaterial(path.join(base, 'pictures'));
  const chosen = { loss: 'likeness', lossSettings: { push: 3 }, optimizer: 'signs', momentum: 0.4 };
  const size = { size: 16, rows: 12, imagesPerClass: 3, embeddingDimension: 8, heldOut: 0.3, steps: 6, threads: 1 };
  const choices = checkedTrainingChoices({ ...chosen, ...size });
  const folder = path.join(base, 'run');
  const stop = new AbortController();
  const stopped = await trainRun({
    material,
    folder,
    choices,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === 'step' && event.progress.step === 3) stop.abort();
    },
  });
  expect(stopped).toMatchObject({ finished: false, outcome: { step: 3 } });
  expect(stopped.config).toMatchObject({
    loss: { kind: 'likeness', push: 3 },
    optimizer: { kind: 'signs', momentum: 0.4 },
  });
  const other = checkedTrainingChoices({ optimizer: 'sgd' });
  await expect(trainRun({ material, folder, resume: true, choices: other })).rejects.toThrow(
    'was started with optimizer signs, not sgd',
  );
  const ended = await trainRun({ material, folder, resume: true, choices });
  expect(ended).toMatchObject({ finished: true, outcome: { step: 6 } });
  const page = await readFile(ended.run.report, 'utf8');
  expect(page).toContain(likeness.words.title);
  expect(page).toContain(likeness.words.active[1]);
}, 60_000);
