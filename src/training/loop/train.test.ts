import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyConfig, tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { prepareData } from '../data/training-data.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type RunFolder, runFolder, startRun } from './run-folder.ts';
import { train } from './train.ts';
import type { TrainingEvent, TrainOptions } from './train-options.ts';
import { TrainingFailure } from './training-health.ts';

const dataset = pixelDataset(evenClasses(4, 9), { size: 8 });
/** Dropout, augmentation, batch normalisation, a held-out part. */
const config: TrainingConfig = {
  ...tinyNormalizedConfig,
  heldOut: { share: 0.25, by: 'image' },
  steps: 14,
  evaluateEvery: 4,
};

let base = '';
let engine: Engine;
let runs = 0;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'train-'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(base, { recursive: true });
});

async function newRun(own: TrainingConfig = config): Promise<RunFolder> {
  const run = runFolder(path.join(base, `${++runs}`));
  await startRun(run, own);
  return run;
}

async function go(run: RunFolder, own: TrainingConfig = config, options: Partial<TrainOptions> = {}) {
  const plan = { config: own, data: await prepareData(dataset, own) };
  return train({ plan, run, engine, resume: false, ...options });
}

const bestFile = (run: RunFolder, step: number) => path.join(run.folder, `best-${step}.safetensors`);

/** The lines of the log without what the clock decides. */
async function logOf(run: RunFolder) {
  const lines = (await readFile(run.log, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => ({
    ...JSON.parse(line),
    seconds: 0,
    secondsLeft: 0,
    imagesPerSecond: 0,
    loaderImagesPerSecond: 0,
  }));
}

async function everything(
  run: RunFolder,
  { weights, seconds, loaderImagesPerSecond, ...outcome }: Awaited<ReturnType<typeof go>>,
) {
  const { tensors, state } = await readCheckpoint(run.checkpoint);
  return {
    weights: tensorDigests(weights),
    outcome,
    checkpoint: { tensors: tensorDigests(tensors), state: { ...state, seconds: 0 } },
    log: await logOf(run),
  };
}

describe('train', () => {
  it('takes all steps, judges, logs and saves, and tells whoever watches', async () => {
    const run = await newRun();
    const events: TrainingEvent[] = [];
    const outcome = await go(run, config, { onEvent: (event) => events.push(event) });
    expect(outcome).toMatchObject({ ended: 'completed', step: 14, images: 14 * 12 });
    const steps = events.flatMap((event) => (event.kind === 'step' ? [event.progress.step] : []));
    expect(steps).toEqual(Array.from({ length: 14 }, (_, step) => step + 1));
    const evaluations = events.flatMap((event) => (event.kind === 'evaluation' ? [event] : []));
    expect(evaluations.map(({ step }) => step)).toEqual([4, 8, 12, 14]);
    const best = evaluations.reduce((a, b) => (b.evaluation.score > a.evaluation.score ? b : a));
    expect(outcome.weightsStep).toBe(best.step);
    expect(outcome.evaluation).toEqual(best.evaluation);
    expect(events.at(-1)).toEqual({ kind: 'checkpoint', step: 14 });
    const log = await logOf(run);
    expect(log.filter(({ kind }) => kind === 'step').map(({ step }) => step)).toEqual(steps);
    const logged = log.filter(({ kind }) => kind === 'evaluation');
    expect(logged.map(({ step, score }) => [step, score])).toEqual(
      evaluations.map(({ step, evaluation }) => [step, evaluation.score]),
    );
    const { step, tensors } = await readCheckpoint(run.checkpoint);
    expect(step).toBe(14);
    expect([...tensors.keys()]).toEqual(expect.arrayContaining([...outcome.weights.keys()]));
    expect(outcome.parameterCount).toBeGreaterThan(100_000);
  });

  it('stopped and resumed, ends as the run that was never stopped, bit for bit', async () => {
    const whole = await newRun();
    const expected = await everything(whole, await go(whole));
    const run = await newRun();
    // Behind the first step, at an evaluation, in between, and before anything is done.
    for (const [session, stopAt] of [1, 4, 9, 9].entries()) {
      const stop = new AbortController();
      if (session === 3) stop.abort();
      const onEvent = (event: TrainingEvent) => {
        if (event.kind === 'step' && event.progress.step === stopAt) stop.abort();
      };
      const resume = session > 0;
      const outcome = await go(run, config, { resume, signal: stop.signal, onEvent });
      expect(outcome).toMatchObject({ ended: 'interrupted', step: stopAt, evaluation: undefined });
      expect((await readCheckpoint(run.checkpoint)).step).toBe(stopAt);
    }
    expect(await everything(run, await go(run, config, { resume: true }))).toEqual(expected);
  });

  it('breaking down anywhere, goes on from the last checkpoint to the same end', async () => {
    const whole = await newRun();
    const expected = await everything(whole, await go(whole));
    const run = await newRun();
    // Without any checkpoint, with one behind every step, and with lines in the log that are ahead of it.
    for (const [session, [breakAt, checkpointSeconds]] of (
      [
        [3, 30],
        [6, 0],
        [12, 30],
      ] as const
    ).entries()) {
      const onEvent = (event: TrainingEvent) => {
        if (event.kind === 'step' && event.progress.step === breakAt) throw new Error('power cut');
      };
      const going = go(run, config, { resume: session > 0, checkpointSeconds, onEvent });
      await expect(going).rejects.toThrow('power cut');
    }
    expect((await readCheckpoint(run.checkpoint)).step).toBe(5);
    expect((await logOf(run)).at(-1)).toMatchObject({ step: 11 });
    expect(await everything(run, await go(run, config, { resume: true }))).toEqual(expected);
  });

  it('logs the means over the same steps, wherever it was stopped', async () => {
    // A line every second step.
    const long = { ...config, steps: 400, evaluateEvery: 400 };
    const until = async (run: RunFolder, last: number, resume: boolean) => {
      const stop = new AbortController();
      const onEvent = (event: TrainingEvent) => {
        if (event.kind === 'step' && event.progress.step === last) stop.abort();
      };
      await go(run, long, { resume, signal: stop.signal, onEvent });
    };
    const [whole, stopped] = [await newRun(long), await newRun(long)];
    await until(whole, 8, false);
    for (const [session, last] of [3, 5, 8].entries()) await until(stopped, last, session > 0);
    const log = await logOf(stopped);
    expect(log.map(({ step }) => step)).toEqual([2, 4, 6, 8]);
    expect(log).toEqual(await logOf(whole));
  });

  it('at its end already, is judged again and changes nothing', async () => {
    const run = await newRun();
    const first = await everything(run, await go(run));
    expect(first.outcome.evaluation).toBeDefined();
    expect(await everything(run, await go(run, config, { resume: true }))).toEqual(first);
  });

  it('stops early and gives the weights of the best evaluation, with the evaluation on them', async () => {
    const patient = { ...config, steps: 60, evaluateEvery: 2, patience: 3 };
    const run = await newRun(patient);
    const first = await everything(run, await go(run, patient));
    const evaluations = first.log.filter(({ kind }) => kind === 'evaluation');
    const best = evaluations.reduce((a, b) => (b.score > a.score ? b : a));
    expect(first.outcome).toMatchObject({ ended: 'stopped-early', weightsStep: best.step, step: best.step + 6 });
    expect(first.outcome.evaluation).toEqual({ score: best.score, report: best.report });
    expect(first.weights).toEqual(tensorDigests((await readCheckpoint(bestFile(run, best.step))).tensors));
    expect(first.checkpoint.tensors).not.toMatchObject(first.weights);
    expect(await everything(run, await go(run, patient, { resume: true }))).toEqual(first);
  });

  it('stops when a number is not one, and what was saved before stays', async () => {
    const wild = { ...tinyConfig, learningRate: 1e30, heldOut: { share: 0, by: 'image' } } as const;
    const run = await newRun(wild);
    const failure = await go(run, wild, { checkpointSeconds: 0 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrainingFailure);
    expect((failure as TrainingFailure).message).toMatch(/^step [23]: the loss is NaN/);
    const { step, tensors } = await readCheckpoint(run.checkpoint);
    expect(step).toBeGreaterThanOrEqual(1);
    for (const { data } of tensors.values()) expect(data.some((value) => Number.isNaN(value))).toBe(false);
  });

  it('refuses to go on with other pictures, a damaged checkpoint, or one of another version', async () => {
    const run = await newRun();
    const stop = new AbortController();
    stop.abort();
    await go(run, config, { signal: stop.signal });
    const other = { ...dataset, images: dataset.images.slice(1) };
    const data = await prepareData(other, config);
    await expect(train({ plan: { config, data }, run, engine, resume: true })).rejects.toThrow(
      `the pictures are not those that the run in '${run.folder}' was started with`,
    );
    const bytes = await readFile(run.checkpoint);
    const { tensors } = await readCheckpoint(run.checkpoint);
    await writeCheckpoint(run.checkpoint, { step: 0, tensors, state: { step: 0 } });
    await expect(go(run, config, { resume: true })).rejects.toThrow('is no checkpoint of this version of lookalike');
    await writeFile(run.checkpoint, bytes.subarray(0, bytes.length - 100));
    await expect(go(run, config, { resume: true })).rejects.toThrow(`cannot go on from '${run.checkpoint}'`);
  });
});
