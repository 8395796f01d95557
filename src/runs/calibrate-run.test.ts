import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../test/fixtures/pixel-dataset.ts';
import { tinyDescription, writeTinyModel } from '../../test/fixtures/tiny-model.ts';
import { fitCalibration } from '../calibration/fit-calibration.ts';
import { embedAll } from '../embedding/embed-all.ts';
import { loadModel } from '../embedding/embedder.ts';
import { readModel } from '../embedding/model-file.ts';
import type { Engine } from '../engines/engine.ts';
import { OnnxruntimeEngine } from '../engines/onnxruntime-engine.ts';
import { prepareData } from '../training/training-data.ts';
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

const config = { network: { backbone: 'small' }, seed: 4 } as Parameters<typeof calibrateRun>[1];
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
    const listed = { ...(await data(6, 0.4)), heldOutTriplets: [{ query: 0, positive: 1, negative: 9 }] };
    expect(await calibrateRun(embedder, config, listed)).toMatchObject({
      refused: expect.stringMatching(/triplets/),
    });
    expect((await readModel(model)).id).toBe(before);
    await embedder.close();
  });
});
