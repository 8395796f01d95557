import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  augmentationGolden,
  expectClose,
  goldenImages,
  goldenSample,
  noise,
} from '../../../test/fixtures/augmentation-golden.ts';
import { scalarWarp } from '../../../test/fixtures/scalar-warp.ts';
import { augmentOneByOne, type PlanarImages } from '../../../test/oracles/augmentation-reference.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { affineMap } from './affine-map.ts';
import { type AugmentationSettings, augmentationPresets, sampleAugmentation } from './augmentation.ts';
import { type PackedImages, warpImages } from './warp-images.ts';

const { none, geometric, article } = augmentationPresets;

/** Planes from 0 to 1 as bytes side by side. */
function packed({ count, width, height, data }: PlanarImages): PackedImages {
  const area = width * height;
  const bytes = Uint8Array.from({ length: data.length }, (_, place) => {
    const [row, pixel, channel] = [Math.floor(place / (3 * area)), Math.floor(place / 3) % area, place % 3];
    return Math.round(255 * data[(row * 3 + channel) * area + pixel]);
  });
  return { count, width, height, data: bytes };
}

/** Bytes side by side as planes from 0 to 1. */
function planes(bytes: Uint8Array, { count, width, height }: PackedImages): Float32Array {
  const area = width * height;
  return Float32Array.from({ length: 3 * area * count }, (_, place) => {
    const [row, channel, pixel] = [Math.floor(place / (3 * area)), Math.floor(place / area) % 3, place % area];
    return bytes[(row * area + pixel) * 3 + channel] / 255;
  });
}

/** Half a step of 8 bits, and the rounding of float32. */
const halfStep = 0.5 / 255 + 1e-4;

describe('the golden case of PyTorch', () => {
  it('has our affine maps', () => {
    const { rotation, zoom, mirror, shiftX, shiftY, size, theta } = augmentationGolden;
    const maps = rotation.map((turn, row) =>
      affineMap({
        rotation: turn,
        zoomX: zoom[row],
        zoomY: zoom[row],
        aspect: augmentationGolden.aspect[row],
        shear: 0,
        mirrorX: mirror[row] < 0,
        mirrorY: false,
        // PyTorch counts a picture's side as 2.
        shiftX: shiftX[row] / 2,
        shiftY: shiftY[row] / 2,
        width: size,
        height: size,
      }),
    );
    expectClose(maps.flat(), theta, 1e-6);
  });

  it.each(['white', 'black', 'nearest'] as const)('has our pictures: %s', (fill) => {
    const settings = { ...geometric, fill };
    const expected = augmentationGolden[fill];
    expectClose(augmentOneByOne(goldenImages, goldenSample, settings).data, expected, 1e-5);
    const images = packed(goldenImages);
    // Its pictures are not of 8 bits: they are rounded before and after.
    expectClose(planes(warpImages(images, goldenSample, settings), images), expected, 2 * halfStep);
  });
});

describe('warpImages', () => {
  const everything = { ...geometric, shear: 0.3, mirrorVertical: 0.5, pixelShift: 2, zoomPerAxis: true };
  it.each<[string, AugmentationSettings]>([
    ['geometric', geometric],
    ['article', article],
    ['pixel-shift', augmentationPresets['pixel-shift']],
    ['everything', everything],
    ['everything, nearest', { ...everything, fill: 'nearest' }],
    ['everything, black', { ...everything, fill: 'black' }],
    ['mirrors', { ...none, mirrorHorizontal: 0.5, mirrorVertical: 0.5 }],
  ])('does what is done pixel by pixel: %s', (_, settings) => {
    const images = noise(8, 20, 12);
    const sample = sampleAugmentation(settings, 8, 20, 12, RandomSource.fromSeed(4));
    const bytes = packed(images);
    const warped = planes(warpImages(bytes, sample, settings), bytes);
    expectClose(warped, augmentOneByOne(images, sample, settings).data, halfStep);
    expect(warped).not.toEqual(planes(bytes.data, bytes));
  });

  it('gives the bytes of plain loops, wherever the maps lead', () => {
    const side = fc.integer({ min: 1, max: 21 });
    const settings = fc.record({
      base: fc.constantFrom(geometric, augmentationPresets['pixel-shift']),
      fill: fc.constantFrom('white' as const, 'black' as const, 'nearest' as const),
    });
    const number = fc.oneof(
      fc.constantFrom(0, 1, -1, 0.5),
      fc.float({ min: -3, max: 3, noNaN: true }),
      fc.constant(1e12),
    );
    const theta = fc.array(number, { minLength: 18, maxLength: 18 });
    fc.assert(
      fc.property(side, side, settings, theta, fc.nat(), (width, height, { base, fill }, map, seed) => {
        const random = RandomSource.fromSeed(seed);
        const data = Uint8Array.from({ length: 9 * width * height }, () => random.integer(256));
        const images = { count: 3, width, height, data };
        const sample = { theta: Float32Array.from(map) };
        const chosen = { ...base, fill };
        expect(Buffer.compare(warpImages(images, sample, chosen), scalarWarp(images, sample, chosen))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['geometric', 'article', 'pixel-shift'] as const)('gives the same bytes for a whole batch: %s', (preset) => {
    const settings = augmentationPresets[preset];
    const images = packed(noise(24, 64, 48));
    const sample = sampleAugmentation(settings, 24, 64, 48, RandomSource.fromSeed(2));
    expect(Buffer.compare(warpImages(images, sample, settings), scalarWarp(images, sample, settings))).toBe(0);
  });

  it('shifts whole pixels without touching their values', () => {
    const settings = augmentationPresets['pixel-shift'];
    const images = packed(noise(6, 11, 7));
    const sample = sampleAugmentation(settings, 6, 11, 7, RandomSource.fromSeed(1));
    const shifted = warpImages(images, sample, settings);
    for (let row = 0; row < 6; row++) {
      const right = Math.round((sample.theta[row * 6 + 2] * 11) / 2);
      const down = Math.round((sample.theta[row * 6 + 5] * 7) / 2);
      for (let place = 0; place < 3 * 7 * 11; place++) {
        const pixel = Math.floor(place / 3);
        const [x, y] = [(pixel % 11) + right, Math.floor(pixel / 11) + down];
        const inside = x >= 0 && x < 11 && y >= 0 && y < 7;
        const from = images.data[row * 231 + place + 3 * (right + down * 11)];
        expect(shifted[row * 231 + place]).toBe(inside ? from : 255);
      }
    }
  });

  it('takes pictures of one pixel', () => {
    const images = { count: 1, width: 1, height: 1, data: Uint8Array.of(10, 20, 30) };
    const theta = Float32Array.of(1, 0, 0, 0, 1, 0);
    expect([...warpImages(images, { theta }, geometric)]).toEqual([10, 20, 30]);
  });

  it('gives pictures back that nothing moves', () => {
    const images = packed(noise(1, 4, 4));
    expect(warpImages(images, sampleAugmentation(none, 1, 4, 4, RandomSource.fromSeed(0)), none)).toBe(images.data);
  });
});
