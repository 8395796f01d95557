import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { placesOf } from '../../../test/support/places-of.ts';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { measurePixels } from './measure-pixels.ts';

const rule = preprocessingRule(4, 4);

const flat = (value: number): ImageSource => ({
  kind: 'pixels',
  width: 4,
  height: 4,
  channels: 1,
  data: new Uint8Array(16).fill(value),
});

describe('measurePixels', () => {
  it('is mean and deviation over all pixels of the training pictures alone', async () => {
    const pixels = new PixelCache(pixelDataset(evenClasses(4, 5), { size: 4 }), rule);
    const train = placesOf([1, 2, 3, 7, 11, 19]);
    const all = (await pixels.load(train)).flatMap((picture) => [...picture]).map((value) => value / 255);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
    const measured = await measurePixels({ train, pixels });
    expect(measured.pixelMean).toBeCloseTo(mean, 3);
    expect(measured.pixelDeviation).toBeCloseTo(Math.sqrt(variance), 3);
    expect(measured.grey).toBe(false);
    expect(measured.pixelMean * 1000).toBeCloseTo(Math.round(measured.pixelMean * 1000), 9);
  });

  it('counts a deviation of nothing as 0.01', async () => {
    const pixels = new PixelCache(pixelDataset([0, 0], { sources: { 0: flat(51), 1: flat(51) } }), rule);
    expect(await measurePixels({ train: placesOf([0, 1]), pixels })).toEqual({
      pixelMean: 0.2,
      pixelDeviation: 0.01,
      grey: true,
    });
  });

  it('looks at every second of a thousand, from the first on', async () => {
    const labels = new Array<number>(1000).fill(0);
    const sources = Object.fromEntries(labels.map((_, place) => [place, flat(place % 2 === 0 ? 51 : 255)]));
    const pixels = new PixelCache(pixelDataset(labels, { sources }), rule);
    const train = placesOf(labels.map((_, place) => place));
    expect((await measurePixels({ train, pixels })).pixelMean).toBe(0.2);
    expect((await measurePixels({ train: train.slice(1), pixels })).pixelMean).toBeCloseTo(0.6, 2);
  });
});
