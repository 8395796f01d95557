import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import {
  type AugmentationSettings,
  augmentationPresets,
  augmentationSettingsSchema,
  changesColours,
  colourFeeds,
  fallsBetweenPixels,
  movesPixels,
  sampleAugmentation,
} from './augmentation.ts';

const { none, full, article } = augmentationPresets;
const presets: [string, AugmentationSettings][] = Object.entries(augmentationPresets);

const sample = (settings: AugmentationSettings, count: number, seed = 0, width = 64, height = 64) =>
  sampleAugmentation(settings, count, width, height, RandomSource.fromSeed(seed));

describe('augmentation settings', () => {
  it.each(presets)('has a valid preset %s', (_, settings) => {
    expect(augmentationSettingsSchema.parse(settings)).toEqual(settings);
  });

  it.each([
    ['rotation', -1],
    ['zoom', [0, 1]],
    ['zoom', [1.2, 0.8]],
    ['aspect', [1]],
    ['mirrorHorizontal', 1.5],
    ['pixelShift', 0.5],
    ['fill', 'grey'],
    ['contrast', [0, 1]],
    ['unknown', 1],
  ])('refuses %s = %j', (key, value) => {
    expect(augmentationSettingsSchema.safeParse({ ...none, [key]: value }).success).toBe(false);
  });

  it('knows what the presets do', () => {
    const does = presets.map(([name, s]) => [name, movesPixels(s), fallsBetweenPixels(s), changesColours(s)]);
    expect(does).toEqual([
      ['none', false, false, false],
      ['pixel-shift', true, false, false],
      ['article', true, true, false],
      ['geometric', true, true, false],
      ['full', true, true, true],
    ]);
    expect(movesPixels({ ...none, mirrorVertical: 0.5 })).toBe(true);
    expect(fallsBetweenPixels({ ...none, mirrorVertical: 0.5 })).toBe(false);
    expect(changesColours({ ...none, grey: 0.1 })).toBe(true);
  });
});

describe('sampleAugmentation', () => {
  it('leaves a picture as it is where nothing is asked for', () => {
    const { theta, colour } = sample(none, 3);
    // Adding 0 makes 0 of -0.
    expect([...theta].map((value) => value + 0)).toEqual(Array(3).fill([1, 0, 0, 0, 1, 0]).flat());
    for (const values of Object.values(colour)) expect(new Set(values)).toEqual(new Set([1]));
  });

  it('is decided by the seed', () => {
    expect(sample(full, 5, 3)).toEqual(sample(full, 5, 3));
    expect(sample(full, 5, 3)).not.toEqual(sample(full, 5, 4));
  });

  it('draws the other changes as before when one is switched off', () => {
    const without = sample({ ...full, rotation: 0, shift: 0, grey: 0 }, 50);
    const withThem = sample(full, 50);
    expect(without.colour.channelGain).toEqual(withThem.colour.channelGain);
    expect(without.colour.contrast).toEqual(withThem.colour.contrast);
    expect(without.colour.brightness).toEqual(withThem.colour.brightness);
    const coloured = [...withThem.colour.saturation.keys()].filter((row) => withThem.colour.saturation[row] !== 0);
    for (const row of coloured) expect(without.colour.saturation[row]).toBe(withThem.colour.saturation[row]);
  });

  it('stays within its ranges and reaches their ends', () => {
    const count = 4000;
    const { colour } = sample(full, count);
    const ends = (values: Float32Array) => [Math.min(...values), Math.max(...values)];
    const expectRange = (values: Float32Array, [low, high]: readonly [number, number]) => {
      const [smallest, largest] = ends(values);
      expect(smallest).toBeGreaterThanOrEqual(low - 1e-6);
      expect(largest).toBeLessThanOrEqual(high + 1e-6);
      expect(smallest).toBeLessThan(low + 0.02 * (high - low));
      expect(largest).toBeGreaterThan(high - 0.02 * (high - low));
    };
    expectRange(colour.channelGain, full.channelGain);
    expectRange(colour.contrast, full.contrast);
    expectRange(colour.brightness, full.brightness);
    expectRange(
      colour.saturation.filter((value) => value !== 0),
      full.saturation,
    );
    // 400 expected, standard deviation 19: five of them to either side.
    const grey = colour.saturation.filter((value) => value === 0).length;
    expect(Math.abs(grey - 0.1 * count)).toBeLessThan(95);
  });

  it('shifts by whole pixels, all counts equally often', () => {
    const { theta } = sample(augmentationPresets['pixel-shift'], 4500, 0, 32, 16);
    const counts = new Map<number, number>();
    for (let row = 0; row < 4500; row++) {
      const [x, y] = [(theta[row * 6 + 2] * 32) / 2, (theta[row * 6 + 5] * 16) / 2];
      expect([Math.abs(x % 1), Math.abs(y % 1)]).toEqual([0, 0]);
      counts.set(x, (counts.get(x) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b).map((x) => x + 0)).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4]);
    // 500 expected, standard deviation 21.
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(105);
  });

  it('mirrors with the probability that is asked for, each side for itself', () => {
    const { theta } = sample({ ...none, mirrorHorizontal: 0.25, mirrorVertical: 1 }, 4000);
    let across = 0;
    for (let row = 0; row < 4000; row++) {
      expect(theta[row * 6 + 4]).toBe(-1);
      if (theta[row * 6] === -1) across++;
    }
    expect(Math.abs(across - 1000)).toBeLessThan(140);
  });

  it('zooms each side for itself only where it is told to', () => {
    const zooms = (settings: AugmentationSettings) => {
      const { theta } = sample({ ...settings, rotation: 0, shear: 0, mirrorHorizontal: 0, mirrorVertical: 0 }, 20);
      return Array.from({ length: 20 }, (_, row) => [theta[row * 6], theta[row * 6 + 4]]);
    };
    expect(zooms(article).every(([x, y]) => x !== y && Math.abs(x - 1) < 0.2001 && Math.abs(y - 1) < 0.2001)).toBe(
      true,
    );
    expect(zooms({ ...none, zoom: [0.5, 2] }).every(([x, y]) => x === y)).toBe(true);
  });

  it('turns without squeezing, in pictures of any shape', () => {
    const side = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(side, side, fc.nat(), (width, height, seed) => {
        const [a, b, , d, e] = sample({ ...none, rotation: 180 }, 1, seed, width, height).theta;
        // In pixels the map has to be a rotation: its columns have length 1 and a right angle between them.
        const columns = [
          [a, (d * height) / width],
          [(b * width) / height, e],
        ];
        for (const [x, y] of columns) expect(Math.hypot(x, y)).toBeCloseTo(1, 5);
        expect(columns[0][0] * columns[1][0] + columns[0][1] * columns[1][1]).toBeCloseTo(0, 5);
        expect(a * e - b * d).toBeCloseTo(1, 5);
      }),
    );
  });
});

describe('colourFeeds', () => {
  it('feeds only what the settings use, one row a picture', () => {
    const names = (settings: AugmentationSettings) =>
      Object.entries(colourFeeds(sample(settings, 2), settings)).map(([name, { shape }]) => [name, ...shape]);
    expect(names(none)).toEqual([]);
    expect(names(article)).toEqual([]);
    expect(names(full)).toEqual([
      ['augmentation.colour', 2, 3, 3],
      ['augmentation.meanGain', 2, 1, 1],
    ]);
  });
});
