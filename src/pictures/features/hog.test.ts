import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hog } from './hog.ts';

interface GoldenCase {
  readonly width: number;
  readonly height: number;
  readonly cellSize: number;
  readonly pixels: readonly number[];
  readonly feature: readonly number[];
}

const golden: { readonly cases: readonly GoldenCase[] } = JSON.parse(
  readFileSync(new URL('../../../test/golden/hog.json', import.meta.url), 'utf8'),
);

describe('hog', () => {
  it.each(golden.cases)('is what scikit-image gives for $width x $height in cells of $cellSize', (example) => {
    const { width, height, pixels, cellSize, feature } = example;
    const ours = hog({ width, height, data: Uint8Array.from(pixels) }, { cellSize });
    expect(ours.length).toBe(feature.length);
    const differences = Array.from(ours, (value, i) => Math.abs(value - feature[i]));
    // scikit-image sums a cell in float32.
    expect(Math.max(...differences)).toBeLessThan(1e-7);
    expect(Math.max(...feature)).toBeGreaterThan(0.1);
  });

  it('puts a ramp into the one bin of its direction', () => {
    // Brighter to the right: the gradient points along the x axis, which is bin 0 in every cell.
    const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => 10 * (Math.floor(i / 3) % 16));
    const feature = hog({ width: 16, height: 16, data });
    expect(feature.length).toBe(36);
    for (const [i, value] of feature.entries()) expect(value).toBeCloseTo(i % 9 === 0 ? 0.5 : 0, 6);
  });

  it('is all zeros for a picture of one colour', () => {
    const feature = hog({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(77) });
    expect(feature).toEqual(new Float64Array(1764));
  });

  it('refuses a picture with no room for a block', () => {
    const data = new Uint8Array(15 * 16 * 3);
    expect(() => hog({ width: 15, height: 16, data })).toThrow('at least 16 x 16 pixels for its blocks, got 15 x 16');
  });
});
