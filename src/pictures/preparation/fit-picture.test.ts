import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { RgbImage } from '../decoding/rgb-image.ts';
import { fitPicture } from './fit-picture.ts';
import { type Fit, preprocessingRule } from './preprocessing-rule.ts';
import { resizeTriangle } from './resize.ts';

interface GoldenCase {
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly number[];
  readonly toWidth: number;
  readonly toHeight: number;
  readonly fit: Fit;
  readonly fitted: readonly number[];
}

const golden: { readonly background: string; readonly cases: readonly GoldenCase[] } = JSON.parse(
  readFileSync(new URL('../../../test/golden/fit.json', import.meta.url), 'utf8'),
);

function noise(width: number, height: number, seed = 1): RgbImage {
  const random = RandomSource.fromSeed(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

describe('fitPicture', () => {
  it.each(golden.cases)(`gives Pillow's bytes: $fit of $width x $height in $toWidth x $toHeight`, (example) => {
    const { width, height, toWidth, toHeight, fit, fitted } = example;
    const rule = { ...preprocessingRule(toWidth, toHeight, fit), background: golden.background };
    const result = fitPicture({ width, height, data: Uint8Array.from(example.pixels) }, rule);
    expect([result.width, result.height]).toEqual([toWidth, toHeight]);
    expect([...result.data]).toEqual(fitted);
  });

  it('stretches where nothing else is asked for, and a square is the same by every rule', () => {
    const wide = noise(30, 11);
    expect(fitPicture(wide, preprocessingRule(8, 8)).data).toEqual(resizeTriangle(wide, 8, 8).data);
    const square = noise(13, 13);
    const stretched = fitPicture(square, preprocessingRule(8, 8)).data;
    expect(fitPicture(square, preprocessingRule(8, 8, 'contain')).data).toEqual(stretched);
    expect(fitPicture(square, preprocessingRule(8, 8, 'cover')).data).toEqual(stretched);
  });

  it('takes pictures that are a line, without making the whole of what is cut off', () => {
    const line = noise(65_535, 1);
    const before = process.memoryUsage().arrayBuffers;
    const covering = fitPicture(line, preprocessingRule(224, 224, 'cover'));
    // The whole of it, 65,535 times 224 pixels wide, would take 9.9 GB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    expect([...covering.data.subarray(0, 3)]).toEqual([...covering.data.subarray(3 * 224 * 223, 3 * 224 * 223 + 3)]);
    const contained = fitPicture(line, preprocessingRule(224, 224, 'contain')).data;
    const rows = [...Array(224).keys()].filter((y) => contained.subarray(672 * y, 672 * (y + 1)).some((v) => v < 255));
    expect(rows).toEqual([111]);
  });
});

it('a window of a resized picture has the bytes that the whole one has there', () => {
  const side = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(side, side, side, side, fc.nat(), (width, height, toWidth, toHeight, seed) => {
      const random = RandomSource.fromSeed(seed);
      const image = noise(width, height, seed);
      const [left, top] = [random.integer(toWidth), random.integer(toHeight)];
      const window = {
        left,
        top,
        width: 1 + random.integer(toWidth - left),
        height: 1 + random.integer(toHeight - top),
      };
      const whole = resizeTriangle(image, toWidth, toHeight);
      const part = resizeTriangle(image, toWidth, toHeight, window);
      for (let y = 0; y < window.height; y++) {
        const at = 3 * ((top + y) * toWidth + left);
        const row = part.data.subarray(3 * y * window.width, 3 * (y + 1) * window.width);
        expect([...row]).toEqual([...whole.data.subarray(at, at + 3 * window.width)]);
      }
    }),
    { numRuns: 100 },
  );
});
