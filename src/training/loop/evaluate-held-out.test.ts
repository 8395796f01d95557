import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import { imagePlaces } from '../../pictures/datasets/image-place.ts';
import { prepareData } from '../data/training-data.ts';
import { embedPlaces } from '../step/embed-places.ts';
import { Trainer } from '../step/trainer.ts';
import { evaluateHeldOut } from './evaluate-held-out.ts';

const dataset = pixelDataset(evenClasses(4, 8), { size: 8 });
const config = { ...tinyConfig, heldOut: { share: 0.5, by: 'image' } } as const;
const dimension = config.network.embeddingDimension;

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
