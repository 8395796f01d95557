import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../test/fixtures/make-pictures.ts';
import { loadModel } from '../../catalogue/embedding/embedder.ts';
import type { TrainingChoices } from '../../training/configuration/training-choices.ts';
import { planRun } from './planning/plan-run.ts';
import { trainRun } from './train-run.ts';
import type { TrainRunOptions } from './train-run-options.ts';
import { loadTrainingMaterial, type TrainingMaterial } from './training-material.ts';

const choices: TrainingChoices = {
  preset: 'small',
  size: 16,
  rows: 12,
  imagesPerClass: 3,
  embeddingDimension: 8,
  heldOut: 0.3,
  steps: 6,
  threads: 1,
};

let base = '';
let material: TrainingMaterial;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'train-run-'));
  await makePictures(path.join(base, 'pictures'), { classes: 5, picturesPerClass: 8, size: 16 });
  material = await loadTrainingMaterial(path.join(base, 'pictures'));
});
afterAll(() => rm(base, { recursive: true }));

const at = (name: string): TrainRunOptions => ({ material, folder: path.join(base, name), choices });
const configOf = async (folder: string) => JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8'));

describe('planRun', () => {
  it('decides everything and writes nothing but the lock', async () => {
    const plan = await planRun(at('planned'));
    try {
      expect(await readdir(plan.run.folder)).toEqual(['lock.json']);
      expect(plan.training.config.engine.convolutionBlock).toBe(plan.engine.block);
      await expect(planRun(at('planned'))).rejects.toThrow('is being trained');
    } finally {
      await plan.close();
    }
    expect(await readdir(plan.run.folder)).toEqual([]);
  });

  it('leaves nothing where the plan cannot be made, whatever refuses it', async () => {
    await expect(planRun({ ...at('too/large'), memoryBytes: 1000, cacheBytes: 0 })).rejects.toThrow('were allowed');
    const wrong = path.join(base, 'pictures', 'no.onnx');
    const trunk = { file: wrong };
    await expect(planRun({ ...at('wrong'), choices: { trunk } })).rejects.toThrow(`'${wrong}'`);
    const stopped = new AbortController();
    const stop = () => stopped.abort(new Error('enough'));
    await expect(planRun({ ...at('stopped'), signal: stopped.signal, onProgress: stop })).rejects.toMatchObject({
      code: 'aborted',
    });
    for (const name of ['too', 'wrong', 'stopped']) expect(existsSync(path.join(base, name))).toBe(false);
    // A folder that was there stays.
    await mkdir(path.join(base, 'mine'));
    await expect(planRun({ ...at('mine'), memoryBytes: 1000 })).rejects.toThrow('were allowed');
    expect(await readdir(path.join(base, 'mine'))).toEqual([]);
  });
});

describe('trainRun', () => {
  it('trains from the sources, in a thread, by the configuration that was planned', async () => {
    const told: string[] = [];
    const { run, config, outcome, finished, findings } = await trainRun({
      ...at('whole'),
      onPlan: ({ config: planned }, { config: file }) =>
        told.push(existsSync(file) ? `plan ${planned.steps}` : 'early'),
      onEvent: (event) => {
        if (event.kind === 'step') told.push(`step ${event.progress.step}`);
      },
    });
    expect(told).toEqual(['plan 6', ...[1, 2, 3, 4, 5, 6].map((step) => `step ${step}`)]);
    expect(finished).toBe(true);
    expect(outcome).not.toHaveProperty('weights');
    expect(await configOf(run.folder)).toEqual(config);
    expect(Array.isArray(findings)).toBe(true);
    for (const file of [run.model, run.report, run.images, run.checkpoint]) expect(existsSync(file)).toBe(true);
    for (const file of [run.lock, run.pixels]) expect(existsSync(file)).toBe(false);
  });

  it('writes into the model what becomes of the aspect, by which its pictures are prepared ever after', async () => {
    const wide = { create: { width: 16, height: 4, channels: 3, background: '#204080' } } as const;
    const square = { create: { width: 16, height: 16, channels: 3, background: '#ffffff' } } as const;
    const bar = await sharp(wide).png().toBuffer();
    const onWhite = await sharp(square)
      .composite([{ input: bar, left: 0, top: 6 }])
      .png()
      .toBuffer();
    const embeddings = async (name: string, fit: 'stretch' | 'contain') => {
      const { run, config } = await trainRun({ ...at(name), choices: { ...choices, fit, steps: 1 } });
      expect(config.preprocessing.fit).toBe(fit);
      await expect(trainRun({ ...at(name), resume: true, choices: { fit: 'cover' } })).rejects.toThrow(
        `started with fit ${fit}, not cover`,
      );
      await using model = await loadModel(run.model);
      expect(model.model.metadata.preprocessing.fit).toBe(fit);
      return await Promise.all([model.embedImage(bar), model.embedImage(onWhite)]);
    };
    const [contained, margins] = await embeddings('contained', 'contain');
    expect(contained).toEqual(margins);
    const [stretched, whole] = await embeddings('stretched', 'stretch');
    expect(stretched).not.toEqual(whole);
  });

  it('goes on where it was interrupted, to the same model', async () => {
    const abort = new AbortController();
    const first = await trainRun({
      ...at('halves'),
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind === 'step' && event.progress.step === 3) abort.abort();
      },
    });
    expect(first).toMatchObject({ finished: false, baselines: [], calibration: undefined, evaluation: undefined });
    expect(existsSync(first.run.model)).toBe(false);
    const second = await trainRun({ material, folder: first.run.folder, resume: true });
    expect(second).toMatchObject({ finished: true, config: first.config, dataHash: first.dataHash });
    const model = (name: string) => readFile(path.join(base, name, 'model.onnx'));
    expect((await model('halves')).equals(await model('whole'))).toBe(true);
  });
});
