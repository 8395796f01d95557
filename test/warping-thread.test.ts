import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../src/foundation/random/random-source.ts';
import { augmentationPresets, sampleAugmentation } from '../src/pictures/augmentation/augmentation.ts';
import { warpImages } from '../src/pictures/augmentation/warp-images.ts';
import { tinyConfig } from './fixtures/tiny-training.ts';

// The built files: a thread cannot load TypeScript.
const built = (file: string) => pathToFileURL(path.join(import.meta.dirname, '../dist/training/data', file)).href;
const { WarpingThread, warpingThreadFor } = (await import(
  built('warping-thread.js')
)) as typeof import('../src/training/data/warping-thread.ts');

function noise(count: number, width: number, height: number) {
  const random = RandomSource.fromSeed(count, 'noise');
  return {
    count,
    width,
    height,
    data: Uint8Array.from({ length: 3 * count * width * height }, () => random.integer(256)),
  };
}

describe('WarpingThread', () => {
  it.each([
    [1, 'full'],
    [2, 'full'],
    [7, 'article'],
    [6, 'none'],
  ] as const)('moves %i pictures as one thread does, to the last bit: %s', async (count, preset) => {
    const settings = augmentationPresets[preset];
    const images = noise(count, 40, 24);
    const before = images.data.slice();
    const sample = sampleAugmentation(settings, count, 40, 24, RandomSource.fromSeed(3));
    const expected = warpImages(images, sample, settings).slice();
    const thread = new WarpingThread();
    try {
      const both = await Promise.all([0, 1].map(() => thread.warp(images, sample, settings)));
      for (const found of both) expect(Buffer.compare(found, expected)).toBe(0);
      expect(Buffer.compare(images.data, before)).toBe(0);
    } finally {
      await thread.close();
    }
    if (count > 1 && preset !== 'none') {
      await expect(thread.warp(images, sample, settings)).rejects.toThrow(
        'the thread that moves pixels has been closed',
      );
    }
  });

  it('is for large batches of pixels that are moved, and engines of more than one thread', async () => {
    const large = { ...tinyConfig.network, width: 128, height: 128 };
    const config = {
      ...tinyConfig,
      network: large,
      augmentation: augmentationPresets.full,
      engine: { ...tinyConfig.engine, threads: 2 },
    };
    const thread = warpingThreadFor(config);
    expect(thread).toBeInstanceOf(WarpingThread);
    await thread?.close();
    expect(warpingThreadFor({ ...config, network: tinyConfig.network })).toBeUndefined();
    expect(warpingThreadFor({ ...config, augmentation: augmentationPresets.none })).toBeUndefined();
    expect(warpingThreadFor({ ...config, engine: { ...config.engine, threads: 1 } })).toBeUndefined();
  });

  it('says what its entry is for where that is run as a program', async () => {
    await expect(import(built('warping-worker.js'))).rejects.toThrow('use WarpingThread');
  });
});
