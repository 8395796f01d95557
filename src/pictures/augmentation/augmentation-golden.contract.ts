import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { PlanarImages } from '../../../test/oracles/augmentation-reference.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { AugmentationSample } from './augmentation.ts';

type GoldenArrays = Readonly<
  Record<
    | 'image'
    | 'rotation'
    | 'zoom'
    | 'aspect'
    | 'mirror'
    | 'shiftX'
    | 'shiftY'
    | 'theta'
    | 'white'
    | 'black'
    | 'nearest'
    | 'saturation'
    | 'channelGain'
    | 'contrast'
    | 'brightness'
    | 'coloured',
    readonly number[]
  >
>;
const golden: { readonly count: number; readonly size: number } & GoldenArrays = JSON.parse(
  readFileSync(new URL('../../../test/golden/augmentation.json', import.meta.url), 'utf8'),
);

/** A small batch that PyTorch augmented: the pictures before and after, and the numbers drawn. */
export const augmentationGolden = golden;

/** The pictures before. */
export const goldenImages: PlanarImages = {
  count: golden.count,
  width: golden.size,
  height: golden.size,
  data: Float32Array.from(golden.image),
};

/** What was drawn. */
export const goldenSample: AugmentationSample = {
  count: golden.count,
  theta: Float32Array.from(golden.theta),
  colour: {
    saturation: Float32Array.from(golden.saturation),
    channelGain: Float32Array.from(golden.channelGain),
    contrast: Float32Array.from(golden.contrast),
    brightness: Float32Array.from(golden.brightness),
  },
};

/** Pictures of 8-bit noise. */
export function noise(count: number, width: number, height: number): PlanarImages {
  const random = RandomSource.fromSeed(9);
  const data = Float32Array.from({ length: count * 3 * width * height }, () => random.integer(256) / 255);
  return { count, width, height, data };
}

/** Every element within `tolerance` of what is expected. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const differences = Array.from(expected, (value, i) => Math.abs(value - actual[i]));
  expect(differences.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(tolerance);
}
