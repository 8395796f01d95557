import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { prepareData } from '../data/training-data.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type RunFolder, runFolder, startRun } from './run-folder.ts';
import { train } from './train.ts';
import type { TrainingEvent, TrainOptions } from './train-options.ts';

const dataset = pixelDataset(evenClasses(4, 9), { size: 8 });
/** Learns too fast, so that the best evaluation is neither the first nor the last. */
const config: TrainingConfig = {
  ...tinyNormalizedConfig,
  seed: 4,
  heldOut: { share: 0.4, by: 'image' },
  learningRate: 0.03,
  steps: 12,
  evaluateEvery: 1,
};

let base = '';
let engine: Engine;
let runs = 0;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'best-weights-'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(base, { recursive: true });
});

async function newRun(own = config): Promise<RunFolder> {
  const run = runFolder(path.join(base, `${++runs}`));
  await startRun(run, own);
  return run;
}

async function go(run: RunFolder, options: Partial<TrainOptions> = {}, own = config) {
  return train({
    plan: { config: own, data: await prepareData(dataset, own) },
    run,
    engine,
    resume: false,
    ...options,
  });
}

/** Trains until the step, and stops there. */
async function until(run: RunFolder, last: number, options: Partial<TrainOptions> = {}, own = config) {
  const stop = new AbortController();
  const onEvent = (event: TrainingEvent) => {
    if (event.kind === 'step' && event.progress.step === last) stop.abort();
  };
  return go(run, { signal: stop.signal, onEvent, ...options }, own);
}

async function linesOf(run: RunFolder, kind: string) {
  const lines = (await readFile(run.log, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line)).filter((line) => line.kind === kind);
}

const bestFiles = async (run: RunFolder) => (await readdir(run.folder)).filter((name) => name.startsWith('best'));

/** The best of a run's evaluations by its log, the first of equal ones. */
async function bestOf(run: RunFolder): Promise<{ readonly step: number; readonly score: number }> {
  return (await linesOf(run, 'evaluation')).reduce((a, b) => (b.score > a.score ? b : a));
}

describe('the weights that a run keeps', () => {
  it('are those of its best evaluation, which the log names, and of no other', async () => {
    const run = await newRun();
    const outcome = await go(run);
    const best = await bestOf(run);
    expect(best.step).toBeGreaterThan(1);
    expect(best.step).toBeLessThan(12);
    expect(outcome).toMatchObject({ ended: 'completed', step: 12, weightsStep: best.step });
    expect(outcome.evaluation?.score).toBe(best.score);
    expect(await linesOf(run, 'kept')).toEqual([{ kind: 'kept', step: best.step, of: 12 }]);
    expect(await bestFiles(run)).toEqual([`best-${best.step}.safetensors`]);
    // By another way: a run that is stopped at that step has these weights.
    const stopped = await newRun();
    const there = await until(stopped, best.step);
    expect(tensorDigests(there.weights)).toEqual(tensorDigests(outcome.weights));
  });

  it('are the same after interruptions anywhere, bit for bit, also between the best weights and the checkpoint', async () => {
    const whole = await newRun();
    const expected = await go(whole);
    const run = await newRun();
    const { step: at } = await bestOf(whole);
    await until(run, at - 1);
    // Killed right behind the best evaluation: its weights are on disk, the checkpoint does not know of them.
    const onEvent = (event: TrainingEvent) => {
      if (event.kind === 'evaluation' && event.step === at) throw new Error('power cut');
    };
    await expect(go(run, { resume: true, onEvent })).rejects.toThrow('power cut');
    const { state } = await readCheckpoint(run.checkpoint);
    const named = (state['best'] as { file: string }).file;
    expect((await bestFiles(run)).sort()).toEqual([named, `best-${at}.safetensors`].sort());
    await until(run, at + 1, { resume: true });
    expect(await bestFiles(run)).toEqual([`best-${at}.safetensors`]);
    const outcome = await go(run, { resume: true });
    expect(outcome.weightsStep).toBe(expected.weightsStep);
    expect(tensorDigests(outcome.weights)).toEqual(tensorDigests(expected.weights));
    expect(await linesOf(run, 'kept')).toEqual(await linesOf(whole, 'kept'));
  });

  it('are the last where nothing is held out, or where the last are asked for', async () => {
    const blind = { ...config, heldOut: { share: 0, by: 'image' } } as const;
    const run = await newRun(blind);
    expect(await go(run, {}, blind)).toMatchObject({ weightsStep: 12, evaluation: undefined });
    expect(await bestFiles(run)).toEqual([]);
    const last = await newRun();
    expect(await go(last, { keep: 'last' })).toMatchObject({ weightsStep: 12 });
    expect(await bestFiles(last)).toEqual([]);
  });

  it('are missed where their file is gone, damaged, or of another step', async () => {
    const run = await newRun();
    await go(run);
    const { step } = await bestOf(run);
    const file = path.join(run.folder, `best-${step}.safetensors`);
    const bytes = await readFile(file);
    await rename(file, `${file}.away`);
    await expect(go(run, { resume: true })).rejects.toThrow(`cannot read '${file}': there is no such file`);
    await writeFile(file, bytes.subarray(0, bytes.length - 10));
    await expect(go(run, { resume: true })).rejects.toThrow(`cannot go on from '${file}'`);
    const { tensors } = await readCheckpoint(`${file}.away`);
    await writeCheckpoint(file, { step: step + 1, tensors, state: {} });
    await expect(go(run, { resume: true })).rejects.toThrow(`'${file}' has the weights of step ${step + 1}`);
  });
});

describe('a run of an earlier version', () => {
  /** Makes a run what an earlier version left: the best evaluation names no file. */
  async function makeFormer(run: RunFolder): Promise<number> {
    const { step, tensors, state } = await readCheckpoint(run.checkpoint);
    const best = state['best'] as { step: number; score: number };
    await writeCheckpoint(run.checkpoint, {
      step,
      tensors,
      state: { ...state, best: { step: best.step, score: best.score } },
    });
    return best.step;
  }

  it('with early stopping goes on with the best weights that it kept', async () => {
    const run = await newRun();
    const expected = await go(run);
    const step = await makeFormer(run);
    await rename(path.join(run.folder, `best-${step}.safetensors`), run.formerBest);
    const outcome = await go(run, { resume: true });
    expect(outcome.weightsStep).toBe(expected.weightsStep);
    expect(tensorDigests(outcome.weights)).toEqual(tensorDigests(expected.weights));
  });

  it('without it says that these weights are lost, and counts the best anew', async () => {
    const run = await newRun();
    await until(run, 6);
    const step = await makeFormer(run);
    await rm(path.join(run.folder, `best-${step}.safetensors`));
    const warnings: string[] = [];
    const onEvent = (event: TrainingEvent) => {
      if (event.kind === 'warning') warnings.push(event.message);
    };
    const outcome = await go(run, { resume: true, onEvent });
    expect(warnings).toEqual([expect.stringMatching(/earlier version, .* from step 6 on the best is counted anew/)]);
    const later = (await linesOf(run, 'evaluation')).filter(({ step: at }) => at > 6);
    const best = later.reduce((a, b) => (b.score > a.score ? b : a));
    expect(outcome.weightsStep).toBe(best.step);
  });
});
