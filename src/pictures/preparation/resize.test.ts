import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalarResize } from '../../../test/fixtures/scalar-resize.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { float32, int64Vector } from '../../graph/tensor/tensor.ts';
import type { RgbImage } from '../decoding/rgb-image.ts';
import { resizeTriangle } from './resize.ts';

interface GoldenCase {
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly number[];
  readonly toWidth: number;
  readonly toHeight: number;
  readonly resized: readonly number[];
}

const golden: { readonly madeBy: string; readonly cases: readonly GoldenCase[] } = JSON.parse(
  readFileSync(new URL('../../../test/golden/resize.json', import.meta.url), 'utf8'),
);

function noise(width: number, height: number, seed: number): RgbImage {
  const random = RandomSource.fromSeed(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

/** Black and white alone: the largest sums and the smallest. */
function extremes(width: number, height: number): RgbImage {
  const { data } = noise(width, height, 9);
  return { width, height, data: data.map((value) => (value < 128 ? 0 : 255)) };
}

/** The definition in the documentation, in one step and in plain numbers: no separation, no rounding until the end. */
function slowTriangle(image: RgbImage, width: number, height: number): number[] {
  const weigh = (input: number, output: number, place: number, from: number) => {
    const scale = input / output;
    return Math.max(0, 1 - Math.abs(from + 0.5 - (place + 0.5) * scale) / Math.max(scale, 1));
  };
  const result: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        let weights = 0;
        for (let v = 0; v < image.height; v++) {
          for (let u = 0; u < image.width; u++) {
            const weight = weigh(image.width, width, x, u) * weigh(image.height, height, y, v);
            sum += weight * image.data[(v * image.width + u) * 3 + channel];
            weights += weight;
          }
        }
        result.push(sum / weights);
      }
    }
  }
  return result;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (value, i) => Math.abs(value - b[i])).reduce((x, y) => Math.max(x, y), 0);
}

describe('resizeTriangle', () => {
  it.each(golden.cases)(`gives Pillow's bytes from $width x $height to $toWidth x $toHeight`, (example) => {
    const { width, height, pixels, toWidth, toHeight, resized } = example;
    const result = resizeTriangle({ width, height, data: Uint8Array.from(pixels) }, toWidth, toHeight);
    expect([result.width, result.height]).toEqual([toWidth, toHeight]);
    expect([...result.data]).toEqual(resized);
  });

  it('gives the bytes of plain loops over whole numbers, for sizes of all sorts', () => {
    const side = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 150 }));
    fc.assert(
      fc.property(side, side, side, side, fc.nat(), (width, height, toWidth, toHeight, seed) => {
        const image = noise(width, height, seed);
        const result = resizeTriangle(image, toWidth, toHeight);
        expect([result.width, result.height]).toEqual([toWidth, toHeight]);
        expect(Buffer.compare(result.data, scalarResize(image, toWidth, toHeight).data)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [1024, 768, 64, 64],
    [1023, 767, 224, 224],
    // Rows too long for a strip, more rows than a ring holds, and both sides enlarged.
    [30_000, 7, 5, 3],
    [3, 5000, 64, 8],
    [5, 4, 300, 200],
  ])('gives the same bytes from %i x %i to %i x %i', (width, height, toWidth, toHeight) => {
    for (const image of [noise(width, height, 5), extremes(width, height)]) {
      const result = resizeTriangle(image, toWidth, toHeight).data;
      expect(Buffer.compare(result, scalarResize(image, toWidth, toHeight).data)).toBe(0);
    }
  });

  it('is within 1 of the definition in plain numbers, for sizes of all sorts', () => {
    const side = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(), (width, height, toWidth, toHeight, seed) => {
        const image = noise(width, height, seed);
        const result = resizeTriangle(image, toWidth, toHeight).data;
        // Each of the two passes rounds once.
        expect(largestDifference(result, slowTriangle(image, toWidth, toHeight))).toBeLessThanOrEqual(1.0001);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [96, 64, 24, 24],
    [50, 70, 64, 40],
    [300, 9, 32, 32],
  ])(
    'is within 1 of the ONNX Resize with antialias from %i x %i to %i x %i',
    async (width, height, toWidth, toHeight) => {
      const image = noise(width, height, 7);
      const graph = new Graph();
      const pixels = graph.input('pixels', 'float32', [1, 3, height, width]);
      const sizes = graph.constant(int64Vector([1, 3, toHeight, toWidth]));
      const options = { mode: 'linear', antialias: 1, excludeOutside: 1 } as const;
      const [resized] = graph.apply('Resize', [pixels, undefined, undefined, sizes], options);
      graph.output('resized', resized);
      const engine = await OnnxruntimeEngine.create();
      const program = await engine.compile(graph);
      const planes = Float32Array.from({ length: image.data.length }, (_, i) => {
        const [channel, place] = [Math.floor(i / (width * height)), i % (width * height)];
        return image.data[place * 3 + channel];
      });
      const outputs = await program.run({ pixels: float32([1, 3, height, width], planes) });
      await engine.close();
      const ours = resizeTriangle(image, toWidth, toHeight).data;
      const area = toWidth * toHeight;
      const theirs = Array.from(ours, (_, i) => Number(outputs['resized'].data[(i % 3) * area + Math.floor(i / 3)]));
      // Each of our two passes rounds once, and this one never.
      expect(largestDifference(ours, theirs)).toBeLessThanOrEqual(1.0001);
    },
  );

  it('keeps a picture of one colour, white too, whatever the sizes', () => {
    for (const value of [0, 1, 128, 254, 255]) {
      const image = { width: 37, height: 23, data: new Uint8Array(37 * 23 * 3).fill(value) };
      expect(new Set(resizeTriangle(image, 11, 64).data)).toEqual(new Set([value]));
    }
  });

  it('copies where the size stays: changing the result does not change the picture', () => {
    const image = noise(4, 3, 1);
    const same = resizeTriangle(image, 4, 3);
    expect([...same.data]).toEqual([...image.data]);
    same.data.fill(0);
    expect(image.data.some((value) => value !== 0)).toBe(true);
  });

  it('resizes a picture of 20,000 x 10 and one of a single pixel', () => {
    expect(resizeTriangle(noise(20_000, 10, 3), 64, 64).data.length).toBe(64 * 64 * 3);
    expect([...resizeTriangle({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3) }, 2, 1).data]).toEqual([
      1, 2, 3, 1, 2, 3,
    ]);
  });

  it.each([
    [0, 5],
    [5, -1],
    [2.5, 5],
    [5, Number.NaN],
  ])('refuses %d x %d', (width, height) => {
    expect(() => resizeTriangle(noise(2, 2, 0), width, height)).toThrow('a whole number of at least 1 is expected');
  });
});
