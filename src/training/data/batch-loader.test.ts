import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyClassBatch, tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { augmentationPresets, sampleAugmentation } from '../../pictures/augmentation/augmentation.ts';
import { warpImages } from '../../pictures/augmentation/warp-images.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';
import { preprocess } from '../../pictures/preparation/preprocess.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { BatchLoader, type LoadedBatch } from './batch-loader.ts';
import { batchSource } from './batch-source.ts';
import { prepareData, type TrainingData } from './training-data.ts';

const dataset = pixelDataset(evenClasses(3, 6));
const besideOneDnn = { version: '3.2.0', threads: 'TBB', instructions: 'AVX2', precision: 'float32' } as const;
const configs: [string, TrainingConfig][] = [
  ['triplets', tinyConfig],
  ['classes', { ...tinyConfig, batch: tinyClassBatch, loss: { kind: 'supcon', temperature: 0.1 } }],
  ['beside oneDNN', { ...tinyConfig, engine: { ...tinyConfig.engine, onednn: besideOneDnn } }],
];

async function loaderOf(config: TrainingConfig, state?: LoadedBatch['sourceState'], from: ImageDataset = dataset) {
  const data = await prepareData(from, config);
  const source = batchSource(data.material, config.batch, config.seed, state);
  return { data, source, loader: new BatchLoader(config, data, source) };
}

async function takeAll(loader: BatchLoader, first: number, last: number): Promise<LoadedBatch[]> {
  const batches: LoadedBatch[] = [];
  for (let step = first; step <= last; step++) batches.push(await loader.take(step));
  return batches;
}

describe('BatchLoader', () => {
  it.each(configs)('gives a resumed run the very batches of the uninterrupted one: %s', async (_, config) => {
    const whole = await takeAll((await loaderOf(config)).loader, 1, 12);
    for (const stoppedAfter of [1, 4, 11]) {
      const { sourceState } = whole[stoppedAfter - 1];
      const { loader } = await loaderOf(config, JSON.parse(JSON.stringify(sourceState)));
      expect(await takeAll(loader, stoppedAfter + 1, 12)).toEqual(whole.slice(stoppedAfter));
    }
  });

  it("has the source's images in its order, their classes, and the state behind its own batch", async () => {
    const { data, loader } = await loaderOf({ ...tinyConfig, augmentation: augmentationPresets.none });
    const twin = batchSource(data.material, tinyConfig.batch, tinyConfig.seed);
    for (let step = 1; step <= 3; step++) {
      const { batch, sourceState } = await loader.take(step);
      const places = twin.next().map((image) => data.train[image]);
      const pixels = await Promise.all(
        places.map((place) => preprocess(dataset.images[place].source, tinyConfig.preprocessing)),
      );
      expect(batch.image).toEqual({
        type: 'uint8',
        shape: [12, 8, 8, 3],
        data: Uint8Array.from(pixels.flatMap((picture) => [...picture])),
      });
      expect(batch.labels).toEqual(places.map((place) => dataset.images[place].label));
      expect(sourceState).toEqual(twin.state);
    }
  });

  it('draws the augmentation of a step from the seed and the step alone', async () => {
    const augmentation = async (config: TrainingConfig, step: number) =>
      (await takeAll((await loaderOf(config)).loader, 1, step))[step - 1].batch.augmentation;
    const own = await augmentation(tinyConfig, 3);
    expect(Object.keys(own).sort()).toEqual(['augmentation.colour', 'augmentation.meanGain']);
    for (const { shape } of Object.values(own)) expect(shape[0]).toBe(12);
    // Other pictures in the batch, the same numbers.
    expect(await augmentation(configs[1][1], 3)).toEqual(own);
    expect(await augmentation(tinyConfig, 4)).not.toEqual(own);
    expect(await augmentation({ ...tinyConfig, seed: 4 }, 3)).not.toEqual(own);
    expect(await augmentation({ ...tinyConfig, augmentation: augmentationPresets.none }, 3)).toEqual({});
  });

  it('gives the same batches beside oneDNN, whose pixels are moved before their step is asked for', async () => {
    const batches = async (config: TrainingConfig) => takeAll((await loaderOf(config)).loader, 1, 5);
    expect(await batches(configs[2][1])).toEqual(await batches(tinyConfig));
    const { data, source } = await loaderOf(tinyConfig);
    let moved = 0;
    const loader = new BatchLoader(configs[2][1], data, source, (images) => {
      moved++;
      return images.data;
    });
    await loader.take(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(moved).toBe(2);
  });

  it('moves the pixels of a step by the seed and the step alone', async () => {
    const shown = async (config: TrainingConfig, step: number) =>
      (await takeAll((await loaderOf(config)).loader, 1, step))[step - 1].batch.image.data;
    const still = { ...tinyConfig, augmentation: augmentationPresets.none };
    for (const step of [1, 3]) {
      const { width, height } = tinyConfig.preprocessing;
      const random = RandomSource.fromSeed(tinyConfig.seed, `augmentation ${step}`);
      const sample = sampleAugmentation(tinyConfig.augmentation, 12, width, height, random);
      const images = { count: 12, width, height, data: (await shown(still, step)) as Uint8Array };
      const moved = await shown(tinyConfig, step);
      expect(moved).toEqual(warpImages(images, sample, tinyConfig.augmentation));
      expect(moved).not.toEqual(images.data);
    }
  });

  it('knows what it could deliver alone', async () => {
    const { loader, data, source } = await loaderOf(tinyConfig);
    expect([loader.seconds, loader.imagesPerSecond]).toEqual([0, undefined]);
    await loader.take(1);
    expect(loader.seconds).toBeGreaterThan(0);
    expect(loader.imagesPerSecond).toBeCloseTo(12 / loader.seconds, 6);
    const slow = Object.assign(Object.create(data.pixels) as TrainingData['pixels'], {
      batch: async (places: readonly ImagePlace[]) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        return data.pixels.batch(places);
      },
    });
    const slowLoader = new BatchLoader(tinyConfig, { ...data, pixels: slow }, source);
    await slowLoader.take(1);
    // The second batch is loaded while nobody asks for it: that time counts, the time until it is asked for does not.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await slowLoader.take(2);
    expect(slowLoader.seconds).toBeGreaterThan(0.11);
    expect(slowLoader.seconds).toBeLessThan(0.3);
  });

  it('refuses steps out of turn, and loads nothing behind the last', async () => {
    const { loader, source } = await loaderOf({ ...tinyConfig, steps: 2 });
    await loader.take(1);
    await expect(loader.take(3)).rejects.toThrow('step 2 is the next to be loaded, step 3 was asked for');
    const { sourceState } = await loader.take(2);
    expect(source.state).toEqual(sourceState);
  });

  it('names a picture that has gone since it was looked at, when its step comes', async () => {
    const { data, source } = await loaderOf({ ...tinyConfig, steps: 2 });
    let batches = 0;
    const failing: Pick<TrainingData['pixels'], 'batch'> = {
      batch: async (places) => {
        if (++batches === 2) throw new Error("cannot read the image '0/1.png'");
        return data.pixels.batch(places);
      },
    };
    const pixels = Object.assign(Object.create(data.pixels) as TrainingData['pixels'], failing);
    const loader = new BatchLoader(tinyConfig, { ...data, pixels }, source);
    await loader.take(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(loader.take(2)).rejects.toThrow("cannot read the image '0/1.png'");
  });
});
