import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileNetwork } from '../../../test/fixtures/foreign-networks.ts';
import { makePictures } from '../../../test/fixtures/make-pictures.ts';
import { type Embedder, loadModel } from '../../catalogue/embedding/embedder.ts';
import { packagedModel } from '../../foundation/packaged-model.ts';
import { euclidean } from '../../ranking/distances/euclidean.ts';
import type { TrainingChoices } from '../../training/configuration/training-choices.ts';
import { trainRun } from './train-run.ts';
import { loadTrainingMaterial, type TrainingMaterial } from './training-material.ts';

const choices: TrainingChoices = {
  preset: 'small',
  size: 16,
  rows: 12,
  imagesPerClass: 3,
  embeddingDimension: 8,
  threads: 1,
};

let base = '';
let material: TrainingMaterial;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'judge-run-'));
  await makePictures(path.join(base, 'pictures'), { classes: 10, picturesPerClass: 4, size: 16 });
  material = await loadTrainingMaterial(path.join(base, 'pictures'));
});
afterAll(() => rm(base, { recursive: true }));

/** Recall@1 of the held-out pictures by a loop: each is searched among all `gallery`, by a model's embeddings. */
async function recallByHand(embedder: Embedder, heldOut: readonly number[], gallery: readonly number[]) {
  const { images } = material.dataset;
  const vectors = await embedder.embedImages(gallery.map((place) => images[place].source));
  const found = heldOut.filter((query) => {
    const own = vectors[gallery.indexOf(query)];
    const [nearest] = gallery
      .map((place, row) => ({ place, distance: euclidean.between(own, vectors[row]) }))
      .filter(({ place }) => place !== query)
      .sort((a, b) => a.distance - b.distance || a.place - b.place);
    return images[nearest.place].label === images[query].label;
  });
  return found.length / heldOut.length;
}

async function judged(name: string, own: Partial<TrainingChoices>) {
  let parts: { readonly heldOut: readonly number[]; readonly train: readonly number[] } | undefined;
  const work: string[] = [];
  const result = await trainRun({
    material,
    folder: path.join(base, name),
    choices: { ...choices, ...own },
    onPlan: ({ data }) => {
      parts = data;
    },
    onProgress: (progress) => {
      if (progress.done === progress.total) work.push(progress.work);
    },
  });
  return { ...result, ...parts!, work };
}

describe('evaluateRun', () => {
  it('searches held-out classes among all pictures of the run, and the packaged model on the same', async () => {
    const { evaluation, outcome, baselines, heldOut, train, run, work } = await judged('all', {
      steps: 6,
      heldOut: 0.3,
    });
    expect(evaluation).toMatchObject({
      images: 12,
      classes: 3,
      queries: 12,
      gallery: 39,
      intervals: { over: 'classes' },
    });
    // The state was chosen among the held-out pictures alone, as ever.
    expect(outcome.evaluation?.report).toMatchObject({ images: 12, gallery: 11, intervals: { over: 'queries' } });
    expect(baselines.map(({ name }) => name)).toEqual(['raw pixels', 'HOG', 'packaged model']);
    const gallery = [...train, ...heldOut].sort((a, b) => a - b);
    expect(gallery).toHaveLength(40);
    const own = await loadModel(run.model);
    expect(evaluation?.measures['recallAt1'].value).toBeCloseTo(await recallByHand(own, heldOut, gallery), 12);
    expect(own.model.metadata.evaluation).toEqual(evaluation);
    await own.close();
    const packaged = await loadModel(packagedModel);
    expect(baselines[2].measures['recallAt1'].value).toBeCloseTo(await recallByHand(packaged, heldOut, gallery), 12);
    await packaged.close();
    expect(work).toEqual(expect.arrayContaining(['judging what was learnt', 'embedding with the packaged model']));
  });

  it('searches them among themselves where fewer pictures were learnt from than there are', async () => {
    const { evaluation, outcome, heldOut, run } = await judged('short', { steps: 2, heldOut: 0.3 });
    expect(outcome.images).toBe(24);
    expect(evaluation).toMatchObject({ images: 12, gallery: 11 });
    const own = await loadModel(run.model);
    expect(evaluation?.measures['recallAt1'].value).toBeCloseTo(await recallByHand(own, heldOut, heldOut), 12);
    await own.close();
  });

  it('judges the features of an ONNX backbone untouched, the same whether it is frozen or learns', async () => {
    const file = path.join(base, 'mobile.onnx');
    await writeFile(file, mobileNetwork({ size: 16 }));
    const trunk = { file, cut: 'map' };
    const own = { steps: 6, heldOut: 0.3, paths: 'none' } as const;
    const featureCache = { folder: path.join(base, 'features') };
    const run = (name: string, freeze: 'all' | 'none') =>
      trainRun({
        material,
        folder: path.join(base, name),
        choices: { ...choices, ...own, trunk: { ...trunk, freeze } },
        featureCache,
      });
    const [frozen, learning] = [await run('frozen', 'all'), await run('learning', 'none')];
    for (const { baselines, evaluation } of [frozen, learning]) {
      expect(baselines.map(({ name }) => name)).toEqual(['raw pixels', 'HOG', 'packaged model', 'untouched backbone']);
      expect(evaluation).toMatchObject({ images: 12, gallery: 39 });
    }
    expect(frozen.config.network.trunk?.cached).toBe(true);
    expect(learning.config.network.trunk?.cached).toBe(false);
    const untouched = ({ baselines }: typeof frozen) => baselines[3].measures['mapAtR'].value;
    expect(untouched(learning)).toBeCloseTo(untouched(frozen), 6);
  });

  it('says nothing where nothing is held out', async () => {
    const { evaluation, baselines } = await judged('none', { steps: 2, heldOut: 0 });
    expect({ evaluation, baselines }).toEqual({ evaluation: undefined, baselines: [] });
  });
});
