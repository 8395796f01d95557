import { describe, expect, it } from 'vitest';
import { runGraph } from '../../../../test/support/run-graph.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { Graph } from '../../../graph/builder/graph.ts';
import { float32, toNumbers } from '../../../graph/tensor/tensor.ts';
import { colourShares } from './colour-shares.ts';

/** By loops over pixels, each of which looks for its two levels. */
function expected(pixels: readonly (readonly number[])[]): number[] {
  const shares = new Array<number>(64).fill(0);
  for (const pixel of pixels) {
    const near = pixel.map((value) => {
      const low = Math.min(2, Math.floor(3 * value));
      return [
        [low, 1 - (3 * value - low)],
        [low + 1, 3 * value - low],
      ];
    });
    for (const [i, r] of near[0])
      for (const [j, g] of near[1])
        for (const [k, b] of near[2]) shares[16 * i + 4 * j + k] += (r * g * b) / pixels.length;
  }
  return shares.map(Math.sqrt);
}

async function coloursOf(
  height: number,
  width: number,
  value: (c: number, y: number, x: number) => number,
  side?: number,
) {
  const graph = new Graph();
  graph.output('colours', colourShares(graph.input('image', 'float32', [1, 3, height, width]), 4, side));
  const data = Array.from({ length: 3 * height * width }, (_, at) =>
    value(Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width),
  );
  return toNumbers((await runGraph(graph, { image: float32([1, 3, height, width], data) })).colours);
}

describe('colourShares of four levels', () => {
  it('is what loops over pixels make of a picture, of unit length', async () => {
    const random = RandomSource.fromSeed(3);
    const picture = Array.from({ length: 3 }, () => Array.from({ length: 30 }, () => random.uniform()));
    const found = await coloursOf(5, 6, (c, y, x) => picture[c][6 * y + x]);
    const wanted = expected(picture[0].map((_, at) => picture.map((channel) => channel[at])));
    expect(Math.max(...found.map((value, at) => Math.abs(value - wanted[at])))).toBeLessThan(1e-5);
    expect(Math.hypot(...found)).toBeCloseTo(1, 5);
  });

  it('has white, black and red at one level each, and averages large pictures', async () => {
    for (const [colour, place] of [
      [[1, 1, 1], 63],
      [[0, 0, 0], 0],
      [[1, 0, 0], 48],
    ] as const) {
      const found = await coloursOf(64, 96, (c) => colour[c]);
      expect(found[place]).toBeCloseTo(1, 6);
    }
    const stripes = await coloursOf(64, 64, (_, y) => y % 2);
    const grey = await coloursOf(32, 32, () => 0.5);
    expect(Math.max(...stripes.map((value, at) => Math.abs(value - grey[at])))).toBeLessThan(1e-6);
  });

  it('averages no more than it is told to', async () => {
    const stripes = await coloursOf(64, 64, (_, y) => y % 2, 64);
    const shares = stripes.map((value) => value ** 2);
    expect(shares[0]).toBeCloseTo(0.5, 6);
    expect(shares[63]).toBeCloseTo(0.5, 6);
  });
});
