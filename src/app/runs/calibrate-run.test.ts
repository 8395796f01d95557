import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyDescription, writeTinyModel } from '../../../test/fixtures/tiny-model.ts';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { embedAll } from '../../catalogue/embedding/embed-all.ts';
import { loadModel } from '../../catalogue/embedding/embedder.ts';
import { readModel } from '../../catalogue/embedding/model-file.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { fitCalibration } from '../../evaluation/calibration/fit-calibration.ts';
import { imagePlace } from '../../pictures/datasets/image-place.ts';
import { prepareData } from '../../training/data/training-data.ts';
import { calibrateRun } from './calibrate-run.ts';

let folder = '';
let model = '';
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'calibrate-run-'));
  model = path.join(folder, 'model.onnx');
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const config = { ...tinyConfig, seed: 4 };
const data = (classes: number, share: number) =>
  prepareData(pixelDataset(evenClasses(classes, 8)), {
    preprocessing: tinyDescription.preprocessing,
    heldOut: { share, by: 'class' },
    seed: 1,
  });

describe('calibrateRun', () => {
  it('writes what the held-out pictures say into the model', async () => {
    await writeTinyModel(model);
    const prepared = await data(12, 0.5);
    const embedder = await loadModel(model, { engine });
    const found = await calibrateRun(embedder, config, prepared);
    if (found === undefined || 'refused' in found) throw new Error('there is enough to calibrate with');
    expect(found.calibration).toMatchObject({
      images: 48,
      classes: 6,
      pairs: { alike: 6 * 28, unlike: (48 * 47) / 2 - 6 * 28 },
      source: '48 pictures kept from training',
    });
    expect((await readModel(model)).metadata.calibration).toEqual(found.calibration);
    const sources = prepared.heldOut.map((place) => prepared.pixels.dataset.images[place].source);
    const { data: embeddings, dimension } = await embedAll(embedder, sources);
    const labels = prepared.heldOut.map((place) => prepared.labels[place]);
    const expected = fitCalibration({ embeddings, dimension, labels, distance: 'euclidean', seed: 4, source: 'x' });
    // The same pictures in another order: the same pairs.
    expect(found.calibration.baseRate).toBe(expected.baseRate);
    for (const [place, { from, share }] of expected.steps.entries()) {
      expect(found.calibration.steps[place].from).toBeCloseTo(from, 9);
      expect(found.calibration.steps[place].share).toBeCloseTo(share, 6);
    }
    const again = await calibrateRun(embedder, config, prepared);
    expect(again).toEqual(found);
    await embedder.close();
  });

  it('leaves the model alone where there is too little, and says why', async () => {
    await writeTinyModel(model);
    const embedder = await loadModel(model, { engine });
    const before = embedder.model.id;
    const none = await calibrateRun(embedder, config, await data(4, 0));
    expect(none).toBeUndefined();
    const few = await calibrateRun(embedder, config, await data(6, 0.4));
    expect(few).toMatchObject({ refused: expect.stringMatching(/here are 56, 64 and 2: give more labelled images/) });
    const listed = {
      ...(await data(6, 0.4)),
      heldOutTriplets: [{ query: imagePlace(0), positive: imagePlace(1), negative: imagePlace(9) }],
    };
    expect(await calibrateRun(embedder, config, listed)).toMatchObject({
      refused: expect.stringMatching(/triplets/),
    });
    expect((await readModel(model)).id).toBe(before);
    await embedder.close();
  });

  it('does not calibrate a model that has collapsed, or that tells no class from another', async () => {
    await writeTinyModel(model);
    const embedder = await loadModel(model, { engine });
    const before = embedder.model.id;
    const prepared = await data(12, 0.5);
    // Pictures that any model gives nearly the same embedding: one, with another last pixel each.
    const { source } = prepared.pixels.dataset.images[0];
    if (source.kind !== 'pixels') throw new Error('the pictures are in memory');
    const sources = Array.from({ length: 96 }, (_, place) => ({
      ...source,
      data: Uint8Array.from(source.data, (value, at) => (at === 0 ? place : value)),
    }));
    const alike = await prepareData(pixelDataset(evenClasses(12, 8), { sources }), {
      preprocessing: tinyDescription.preprocessing,
      heldOut: { share: 0.5, by: 'class' },
      seed: 1,
    });
    expect(await calibrateRun(embedder, config, alike)).toEqual({
      refused: expect.stringMatching(
        /^the model gives all pictures nearly the same embedding \(variance [\d.e-]+ of 1\)/,
      ),
    });
    // Each class has a picture of every colour: what looks alike is never of one class.
    const labels = prepared.labels.map((_, place) => place % 8);
    expect(await calibrateRun(embedder, config, { ...prepared, labels })).toEqual({
      refused: expect.stringMatching(/^at no distance are two held-out pictures more likely of one class than of two/),
    });
    expect((await readModel(model)).id).toBe(before);
    await embedder.close();
  });
});
