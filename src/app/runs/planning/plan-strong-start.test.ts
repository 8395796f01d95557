import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileNetwork } from '../../../../test/fixtures/foreign-networks.ts';
import { makePictures } from '../../../../test/fixtures/make-pictures.ts';
import { compareImages } from '../../../catalogue/embedding/compare-images.ts';
import { loadModel } from '../../../catalogue/embedding/embedder.ts';
import { checkedTrainingConfig } from '../../../training/configuration/training-config.ts';
import { type TrainRunResult, trainRun } from '../train-run.ts';
import type { TrainRunOptions } from '../train-run-options.ts';
import { loadTrainingMaterial, type TrainingMaterial } from '../training-material.ts';

let base = '';
let material: TrainingMaterial;
let result: TrainRunResult;
const worked = new Set<string>();

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'strong-start-'));
  await makePictures(path.join(base, 'pictures'), { classes: 6, picturesPerClass: 4, size: 48 });
  material = await loadTrainingMaterial(path.join(base, 'pictures'));
  result = await trainRun({ ...options('run'), onProgress: ({ work }) => worked.add(work) });
}, 120_000);
afterAll(() => rm(base, { recursive: true }));

const options = (folder: string): TrainRunOptions => ({
  material,
  folder: path.join(base, folder),
  featureCache: { folder: path.join(base, 'features') },
});
const configOf = async (folder: string) => {
  const text = await readFile(path.join(base, folder, 'config.json'), 'utf8');
  return checkedTrainingConfig(JSON.parse(text), folder);
};

describe('train without a choice', () => {
  it('goes on from the packaged model, by folds of the pictures, and says how good that is beside what learns nothing', async () => {
    const { config, evaluation, baselines, finished } = result;
    expect(config).toMatchObject({ preset: 'auto', steps: 0, network: { backbone: 'onnx', width: 224 } });
    expect(await configOf('run')).toEqual(config);
    const { newClasses, knownClasses, reasons } = config.start!;
    const names = ['raw pixels', 'HOG', 'packaged model', 'untouched'];
    for (const lines of [newClasses, knownClasses]) {
      expect(lines.map(({ name }) => name).slice(0, 4)).toEqual(names);
      expect(lines.at(-1)!.name).toBe('kept');
    }
    expect(baselines.map(({ name }) => name).slice(0, 4)).toEqual(names);
    expect(reasons.map((reason) => reason.slice(0, reason.indexOf(':')))).toEqual([
      'features',
      'length',
      'left out',
      'training',
    ]);
    expect(evaluation).toMatchObject({ images: 24, classes: 6, queries: 24 });
    expect(evaluation!.measures['mapAtR']).toEqual(newClasses.at(-1)!.mapAtR);
    expect(finished).toBe(true);
    expect([...worked]).toEqual(expect.arrayContaining(['features of the frozen backbone', 'choosing a start']));
  });

  it('writes a model that compares pictures', async () => {
    const model = await loadModel(result.run.model);
    try {
      expect(model.dimension).toBe(result.config.network.embeddingDimension);
      const [first, second] = material.dataset.images.map(({ source }) => (source as { path: string }).path);
      expect((await compareImages(model, first, first)).distance).toBeLessThan(1e-3);
      expect((await compareImages(model, first, second)).distance).toBeGreaterThan(1e-3);
    } finally {
      await model.close();
    }
  });

  it('comes to the same model where it goes on, and its pictures do not go through the network again', async () => {
    const before = await readFile(result.run.model);
    const computed: string[] = [];
    const again = await trainRun({
      ...options('run'),
      resume: true,
      onProgress: ({ work }) => computed.push(work),
    });
    expect(again.config).toEqual(result.config);
    expect(computed).not.toContain('features of the frozen backbone');
    expect((await readFile(result.run.model)).equals(before)).toBe(true);
  });

  it('refuses other pictures where it goes on, and changes nothing', async () => {
    await makePictures(path.join(base, 'others'), { classes: 5, picturesPerClass: 3, size: 40 });
    const before = await readFile(path.join(base, 'run/config.json'), 'utf8');
    const others = await loadTrainingMaterial(path.join(base, 'others'));
    await expect(trainRun({ ...options('run'), material: others, resume: true })).rejects.toThrow(
      'are not those that the run',
    );
    expect(await readFile(path.join(base, 'run/config.json'), 'utf8')).toBe(before);
  });

  it('takes the packaged model in place of a named network that finds less, and goes on from that', async () => {
    const file = path.join(base, 'poor.onnx');
    await writeFile(file, mobileNetwork({ size: 16 }));
    // Nothing is compared beyond what decides between the two networks.
    const choices = { trunk: { file }, seconds: 0.001 };
    const { config } = await trainRun({ ...options('poor'), choices });
    expect(config.network).toMatchObject({ width: 224, trunk: { sha256: result.config.network.trunk!.sha256 } });
    expect(config.start!.reasons[0]).toMatch(/^network: the packaged model, for it finds more of these pictures/);
    expect(await configOf('poor')).toEqual(config);
    const withoutKept = ({ start }: typeof config) => start!.newClasses.slice(0, -1);
    expect(withoutKept(config)).toEqual(withoutKept(result.config));
    expect(withoutKept(config).map(({ name }) => name)).toContain('untouched');
  });
});
