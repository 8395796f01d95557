import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { TrainingConfig } from '../../training/configuration/training-config.ts';
import { prepareData } from '../../training/data/training-data.ts';
import { readCheckpoint } from '../../training/loop/checkpoint.ts';
import { type RunFolder, runFolder, startRun } from '../../training/loop/run-folder.ts';
import { train } from '../../training/loop/train.ts';
import type { TrainingEvent } from '../../training/loop/train-options.ts';
import type { TrainingPlan } from '../../training/planning/plan-training.ts';
import { pretrainingConfig } from '../../training/planning/pretraining-config.ts';
import { type PretrainOptions, pretrain, pretrainingFolder, withPretraining } from './pretrain.ts';

const config: TrainingConfig = {
  ...tinyNormalizedConfig,
  heldOut: { share: 0.25, by: 'image' },
  steps: 3,
  evaluateEvery: 4,
  pretraining: { epochs: 4 },
};
const dataset = pixelDataset(evenClasses(4, 9), { size: 8 });

let base = '';
let engine: Engine;
let runs = 0;
let plan: TrainingPlan;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'pretrain-'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
  plan = { config, data: await prepareData(dataset, config) };
});
afterAll(async () => {
  await engine.close();
  await rm(base, { recursive: true });
});

async function newRun(): Promise<RunFolder> {
  const run = runFolder(path.join(base, `${++runs}`));
  await startRun(run, config);
  return run;
}

const go = (run: RunFolder, options: Partial<PretrainOptions> = {}) => pretrain({ plan, run, engine, ...options });

/** Everything that a pre-training leaves, and what the ranking makes of it. */
async function everything(run: RunFolder, pretraining: Awaited<ReturnType<typeof go>>) {
  const { tensors } = await readCheckpoint(pretrainingFolder(run).checkpoint);
  const ranked = await train({ plan: withPretraining(plan, pretraining), run, engine, resume: true });
  return {
    pretrained: tensorDigests(pretraining.outcome.weights),
    checkpoint: tensorDigests(tensors),
    ranked: tensorDigests(ranked.weights),
  };
}

describe('pretrain', () => {
  it('tells the classes apart better and better, by the features of the ConvNet alone', async () => {
    const events: TrainingEvent[] = [];
    const { outcome, config: own, thrownAway } = await go(await newRun(), { onEvent: (event) => events.push(event) });
    expect(own).toMatchObject({
      loss: { kind: 'softmax', classes: 4 },
      network: { output: 'features', paths: 'none', embeddingDimension: 192 },
      batch: { kind: 'classes' },
    });
    // 28 images a fold of which 12 go through a step.
    expect(outcome).toMatchObject({ ended: 'completed', step: own.steps });
    const losses = events.flatMap((event) => (event.kind === 'step' ? [event.progress.loss] : []));
    // At first all four classes are about equally likely.
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses[0]).toBeLessThan(2);
    expect(losses.at(-1)).toBeLessThan(losses[0] / 2);
    expect(thrownAway).toEqual(['loss.classifier.weight', 'loss.classifier.bias']);
    for (const name of thrownAway) expect(outcome.weights.has(name)).toBe(true);
  });

  it('hands the ConvNet to the ranking, which draws the rest, and nothing of the classifier', async () => {
    const run = await newRun();
    const pretraining = await go(run);
    const given: Tensor = tensor('float32', [1]);
    const { initial } = withPretraining({ ...plan, initial: new Map([['path1.bias', given]]) }, pretraining);
    const names = [...pretraining.outcome.weights.keys()].filter((name) => name.startsWith('backbone.'));
    expect([...initial!.keys()].sort()).toEqual(['path1.bias', ...names].sort());
    // No step is taken: what the ranking starts with.
    const stopped = AbortSignal.abort();
    const start = await train({
      plan: withPretraining(plan, pretraining),
      run,
      engine,
      resume: false,
      signal: stopped,
    });
    const digests = tensorDigests(start.weights);
    for (const name of names) {
      expect(digests[name], name).toEqual(tensorDigests(pretraining.outcome.weights)[name]);
    }
    expect(Object.keys(digests).some((name) => name.startsWith('loss.'))).toBe(false);
  });

  it('stopped and resumed, ends as the one that was never stopped, bit for bit, and so does the ranking', async () => {
    const whole = await newRun();
    const expected = await everything(whole, await go(whole));
    const run = await newRun();
    for (const stopAt of [1, 4]) {
      const stop = new AbortController();
      const onEvent = (event: TrainingEvent) => {
        if (event.kind === 'step' && event.progress.step === stopAt) stop.abort();
      };
      const { outcome } = await go(run, { signal: stop.signal, onEvent });
      expect(outcome).toMatchObject({ ended: 'interrupted', step: stopAt });
    }
    await go(run);
    // At its end already, it gives what it gave.
    expect(await everything(run, await go(run))).toEqual(expected);
  });

  it('refuses listed triplets, and a run without pre-training', () => {
    const { pretraining: _, ...without } = config;
    expect(() => pretrainingConfig(without, plan.data)).toThrow('this run has no pre-training');
    const material = { kind: 'listed' } as TrainingPlan['data']['material'];
    expect(() => pretrainingConfig(config, { ...plan.data, material })).toThrow(
      'choices.pretrainEpochs: 4 was given, but listed triplets have no classes to tell apart',
    );
  });
});
