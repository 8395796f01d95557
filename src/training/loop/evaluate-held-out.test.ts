import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { placesOf } from '../../../test/support/places-of.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { imagePlaces } from '../../pictures/datasets/image-place.ts';
import { prepareData } from '../data/training-data.ts';
import { Trainer } from '../step/trainer.ts';
import { embedPlaces, evaluateHeldOut } from './evaluate-held-out.ts';

const dataset = pixelDataset(evenClasses(4, 8), { size: 8 });
const config = { ...tinyConfig, heldOut: { share: 0.5, by: 'image' } } as const;
const dimension = config.network.embeddingDimension;

describe('embedPlaces', () => {
  it('gives a row a place in its order, whatever the batch around it', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const trainer = await Trainer.create(engine, config);
    const { pixels } = await prepareData(dataset, config);
    const places = placesOf([5, 0, 31, 7, 7, 12, 30, 2, 9, 1, 3, 4, 6, 8, 20, 21, 22]);
    const embeddings = await embedPlaces(trainer, pixels, places);
    expect(embeddings.length).toBe(places.length * dimension);
    for (const [row, place] of places.entries()) {
      const copies = await pixels.batch(new Array(12).fill(place));
      const { data } = await trainer.embed(tensor('uint8', [12, 8, 8, 3], copies));
      expect(embeddings.subarray(row * dimension, (row + 1) * dimension)).toEqual(
        (data as Float32Array).subarray(0, dimension),
      );
    }
    expect(await embedPlaces(trainer, pixels, [])).toEqual(new Float32Array(0));
    await engine.close();
  });
});

describe('evaluateHeldOut', () => {
  it('judges the held-out pictures among themselves by MAP@R', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const trainer = await Trainer.create(engine, config);
    const data = await prepareData(dataset, config);
    expect(data.heldOut).toHaveLength(16);
    const evaluation = await evaluateHeldOut(trainer, data, engine);
    const embeddings = await embedPlaces(trainer, data.pixels, data.heldOut);
    const labels = data.heldOut.map((place) => Math.floor(place / 8));
    const report = await evaluateEmbeddings({ embeddings, dimension, labels, engine, seed: config.seed });
    expect(evaluation).toEqual({ score: report.measures.mapAtR.value, report });
    await engine.close();
  });

  it('judges held-out triplets by the share that is ranked as they say', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const trainer = await Trainer.create(engine, config);
    const triplets = Array.from({ length: 24 }, (_, k) => ({
      query: k,
      positive: (k + 5) % 32,
      negative: (k + 11) % 32,
    }));
    const data = await prepareData(dataset, config, { triplets });
    expect(data.heldOutTriplets).toHaveLength(12);
    const embeddings = await embedPlaces(trainer, data.pixels, imagePlaces(dataset));
    const row = (place: number) => embeddings.subarray(place * dimension, (place + 1) * dimension);
    const distance = (a: number, b: number) => Math.hypot(...row(a).map((value, at) => value - row(b)[at]));
    const right = data.heldOutTriplets.filter((t) => distance(t.query, t.positive) < distance(t.query, t.negative));
    const evaluation = await evaluateHeldOut(trainer, data, engine);
    expect(evaluation?.score).toBeCloseTo(right.length / 12, 12);
    expect(evaluation?.report).toMatchObject({
      triplets: 12,
      measures: { similarityPrecision: { value: evaluation?.score } },
    });
    await engine.close();
  });

  it('has nothing to say where nothing was held out', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const trainer = await Trainer.create(engine, tinyConfig);
    expect(await evaluateHeldOut(trainer, await prepareData(dataset, tinyConfig), engine)).toBeUndefined();
    await engine.close();
  });
});
