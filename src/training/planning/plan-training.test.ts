import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset, unreadableSource } from '../../../test/fixtures/pixel-dataset.ts';
import { rowsOf } from '../configuration/step/batch-config.ts';
import type { TrainingChoices } from '../configuration/training-choices.ts';
import { batchSource } from '../data/batch-source.ts';
import { measurePixels } from '../data/measure-pixels.ts';
import type { DataOptions } from '../data/training-data.ts';
import { planTraining } from './plan-training.ts';

/** 30 classes of 4 images. */
const labels = evenClasses(30, 4);
const dataset = pixelDataset(labels);

const plan = (choices: Partial<TrainingChoices> = {}, options: DataOptions = {}, from = dataset) =>
  planTraining(from, { preset: 'small', size: 16, heldOut: 0, ...choices }, options);

describe('planTraining', () => {
  it('measures mean and deviation of the training pictures, unless the preset scales to 0..1', async () => {
    const { config, data } = await plan({ heldOut: 0.5 });
    const measured = await measurePixels(data);
    expect(config.network).toMatchObject(measured);
    expect(measured.pixelMean).toBeGreaterThan(0.1);
    expect((await plan()).config.network.pixelMean).not.toBe(measured.pixelMean);
    const article = await plan({ preset: 'article', backbone: 'small', paths: 'none' });
    expect(article.config.network).toMatchObject({ pixelMean: 0, pixelDeviation: 1 });
  });

  it.each<[string, Partial<TrainingChoices>, object]>([
    // 120 images in batches of 40.
    ['classes', { rows: 40, epochs: 7 }, { steps: 21, stepsPerEpoch: 3, evaluateEvery: 3 }],
    // 120 images in batches of 48: two and a half batches an epoch.
    ['classes that do not come out even', { rows: 48, epochs: 7 }, { steps: 18, stepsPerEpoch: 3, evaluateEvery: 2 }],
    ['half an epoch', { rows: 40, epochs: 0.5 }, { steps: 2 }],
    ['less than a step', { rows: 40, epochs: 0.01 }, { steps: 1 }],
    // 120 queries in batches of 5 triplets.
    ['triplets', { loss: 'hinge', rows: 15, epochs: 2 }, { steps: 48, stepsPerEpoch: 24, evaluateEvery: 5 }],
    ['steps', { rows: 40, steps: 200 }, { steps: 200, stepsPerEpoch: 3, evaluateEvery: 20 }],
    ['few steps', { rows: 40, steps: 30 }, { evaluateEvery: 3 }],
    ['fewer evaluations where much is held out', { rows: 12, steps: 20, heldOut: 0.5 }, { evaluateEvery: 5 }],
    ['evaluations', { rows: 48, epochs: 9, evaluateEveryEpochs: 2, heldOut: 0.1 }, { evaluateEvery: 5 }],
    ['evaluations often', { rows: 40, epochs: 9, evaluateEveryEpochs: 0.1, heldOut: 0.1 }, { evaluateEvery: 1 }],
  ])('counts epochs in steps: %s', async (_, choices, expected) => {
    expect((await plan(choices)).config).toMatchObject(expected);
  });

  it('counts an epoch of listed triplets as each of them once, with the hinge of listed triplets', async () => {
    const triplets = Array.from({ length: 40 }, (_, k) => ({ query: k, positive: k + 40, negative: k + 80 }));
    const { config, data } = await plan({ epochs: 3, rows: 30, heldOut: 0.25 }, { triplets });
    expect(config).toMatchObject({
      loss: { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' },
      batch: { kind: 'triplets', triplets: 10 },
      stepsPerEpoch: 3,
      steps: 9,
      heldOut: { share: 0.25 },
    });
    expect(data.heldOutTriplets).toHaveLength(10);
  });

  it.each([
    ['few classes, large ones', evenClasses(2, 9)],
    ['few uneven classes', [...evenClasses(1, 60), 1, 1, 1, 1, 2, 2]],
    ['single images', [...evenClasses(60, 1), ...Array.from({ length: 30 }, (_, k) => 60 + (k % 10))]],
    ['many classes', labels],
  ])('writes down the batch that the pictures give, from which the same batches are made again: %s', async (_, own) => {
    const { config, data } = await plan({}, {}, pixelDataset(own));
    const asked = batchSource(data.material, { kind: 'classes', rows: 120, imagesPerClass: 4 }, config.seed);
    const again = batchSource(data.material, config.batch, config.seed);
    expect(rowsOf(config.batch)).toBe(asked.rows);
    expect(config.engine.rowsAtOnce).toBe(asked.rows);
    for (let batch = 0; batch < 5; batch++) expect(again.next()).toEqual(asked.next());
  });

  it('holds classes out where there are ten, two at least, and images where there are fewer', async () => {
    const many = await plan({ heldOut: 0.1 });
    expect(many.config.heldOut).toEqual({ share: 0.1, by: 'class' });
    expect(many.data.heldOut).toHaveLength(12);
    const ten = await plan({ heldOut: 0.1 }, {}, pixelDataset(evenClasses(10, 8)));
    expect(ten.config.heldOut.by).toBe('class');
    const classesOf = (places: readonly number[]) => new Set(places.map((place) => ten.data.labels[place]));
    const [held, learnt] = [classesOf(ten.data.heldOut), classesOf(ten.data.train)];
    expect([held.size, learnt.size]).toEqual([2, 8]);
    expect([...held].filter((label) => learnt.has(label))).toEqual([]);
    const few = await plan({ heldOut: 0.1 }, {}, pixelDataset(evenClasses(9, 16)));
    expect(few.config.heldOut.by).toBe('image');
    expect(few.data.heldOut).toHaveLength(14);
  });

  it('passes a leak-proof held-out part on, but for listed triplets, which share pictures', async () => {
    expect((await plan({ heldOut: 0.25, leakProof: true })).config.heldOut).toMatchObject({ leakProof: true });
    expect((await plan({ heldOut: 0.25 })).config.heldOut).not.toHaveProperty('leakProof');
    const triplets = [{ query: 0, positive: 1, negative: 40 }];
    await expect(plan({ heldOut: 0.25, leakProof: true }, { triplets })).rejects.toThrow(
      'choices.leakProof: true was given, but a picture of listed triplets may be in held-out and in trained ones',
    );
  });

  it('refuses to stop early where too few pictures can be held out', async () => {
    await expect(plan({ heldOut: 0.1, patience: 3 }, {}, pixelDataset(evenClasses(4, 3)))).rejects.toThrow(
      'choices.patience: 3 was given, but 12 pictures are too few to keep a share of 0.1 from training',
    );
  });

  it('refuses slices that cannot be', async () => {
    await expect(plan({ rowsAtOnce: 12 })).rejects.toThrow('batch normalisation needs all 120 rows together');
    await expect(plan({ rowsAtOnce: 7, batchNormalization: false })).rejects.toThrow('do not divide a batch of 120');
    const { config } = await plan({ rowsAtOnce: 12, batchNormalization: false, threads: 3, provider: 'webgpu' });
    expect(config.engine).toEqual({ rowsAtOnce: 12, threads: 3, provider: 'webgpu', convolutionBlock: 0 });
  });

  it('says what is wrong with the choices before it looks at any picture', async () => {
    let looked = 0;
    const options = { onProgress: () => looked++ };
    await expect(plan({ loss: 'supcon', gap: 1 }, options)).rejects.toThrow('choices.gap: 1 was given');
    await expect(plan({ loss: 'hinge', gap: 5 }, options)).rejects.toThrow('the gap g = 5 is beyond 4');
    await expect(plan({ loss: 'supcon' }, { ...options, triplets: [] })).rejects.toThrow('have no classes');
    expect(looked).toBe(0);
  });

  it('refuses pictures that make no triplet', async () => {
    const sources = Object.fromEntries(labels.map((_, place) => [place, unreadableSource]));
    await expect(plan({}, {}, pixelDataset(labels, { sources }))).rejects.toThrow(
      "none of the 120 images in 'memory' can be read",
    );
  });
});
