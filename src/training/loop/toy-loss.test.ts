import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { div, matMul, max, mul, reduceSum, sub, transpose } from '../../graph/builder/operations.ts';
import { defineLoss } from '../../ranking/losses/define-loss.ts';
import { lossTableOf } from '../../ranking/losses/loss-table.ts';
import { labelsFeed, rowRelations } from '../../ranking/losses/rows/class-rows.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { prepareData } from '../data/training-data.ts';
import { readCheckpoint } from './checkpoint.ts';
import { runFolder, startRun } from './run-folder.ts';
import { type TrainOptions, train } from './train.ts';

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
const losses = lossTableOf([likeness]);

// The type of a configuration knows the losses of the program; this one's table comes with the run.
const config: TrainingConfig = JSON.parse(
  JSON.stringify({ ...tinyNormalizedConfig, loss: { kind: 'likeness', ...likeness.defaults }, steps: 8 }),
);

it('trains a loss of its own table, and ends, stopped and resumed, as if it had never stopped', async () => {
  const base = await mkdtemp(path.join(tmpdir(), 'toy-loss-'));
  const engine = await OnnxruntimeEngine.create({ threads: 1 });
  const data = await prepareData(pixelDataset(evenClasses(4, 9), { size: 8 }), config);
  const go = (name: string, options: Partial<TrainOptions> = {}) =>
    train({ plan: { config, data }, run: runFolder(path.join(base, name)), engine, losses, resume: false, ...options });
  try {
    await startRun(runFolder(path.join(base, 'whole')), config);
    await startRun(runFolder(path.join(base, 'parts')), config);
    const whole = await go('whole');
    expect(whole).toMatchObject({ ended: 'completed', step: 8 });

    const stop = new AbortController();
    await go('parts', {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'step' && event.progress.step === 3) stop.abort();
      },
    });
    expect((await readCheckpoint(runFolder(path.join(base, 'parts')).checkpoint)).step).toBe(3);
    const resumed = await go('parts', { resume: true });
    expect(tensorDigests(resumed.weights)).toEqual(tensorDigests(whole.weights));
    await expect(go('parts', { resume: true, losses: lossTableOf([]) })).rejects.toThrow("there is no loss 'likeness'");
  } finally {
    await engine.close();
    await rm(base, { recursive: true });
  }
});
