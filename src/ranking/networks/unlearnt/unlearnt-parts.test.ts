import { describe, expect, it } from 'vitest';
import { interpret } from '../../../../test/oracles/reference/interpret.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { Graph } from '../../../graph/builder/graph.ts';
import { tensor, toNumbers } from '../../../graph/tensor/tensor.ts';
import { colourShares } from './colour-shares.ts';
import { lowResolution } from './low-resolution.ts';
import { possibleParts, type UnlearntPartName, unlearntParts } from './unlearnt-parts.ts';

/** What a part says of one picture [1, 3, height, width], by its pixel. */
function said(
  build: typeof colourShares,
  [height, width]: readonly [number, number],
  pixel: (channel: number, y: number, x: number) => number,
): number[] {
  const data = Float64Array.from({ length: 3 * height * width }, (_, place) => {
    const row = Math.floor(place / width);
    return pixel(Math.floor(row / height), row % height, place % width);
  });
  const graph = new Graph();
  graph.output('said', build(graph.input('image', 'float64', [1, 3, height, width])));
  return toNumbers(interpret(graph, { image: tensor('float64', [1, 3, height, width], data) }).said);
}

const squares = (row: readonly number[]) => row.reduce((sum, value) => sum + value * value, 0);

describe('unlearntParts', () => {
  it.each([
    [15, 40],
    [16, 16],
    [64, 70],
    [224, 224],
    [240, 320],
  ] as const)('have the lengths that they say, of length 1, for %d x %d', (height, width) => {
    const random = RandomSource.fromSeed(5);
    const names = Object.keys(unlearntParts) as UnlearntPartName[];
    for (const name of names) {
      const part = unlearntParts[name];
      const length = part.length(height, width);
      expect(possibleParts(height, width).includes(name)).toBe(length > 0);
      if (length === 0) continue;
      const row = said(part.build, [height, width], () => random.uniform());
      expect(row).toHaveLength(length);
      expect(squares(row)).toBeCloseTo(1, 6);
    }
  });

  it('have no contours where pictures are too small for them', () => {
    expect(possibleParts(15, 40)).toEqual(['colours', 'lowResolution']);
  });
});

describe('colourShares', () => {
  it('are roots of the shares of pixels, each between the colours that it lies between', () => {
    // Three quarters are at level 5 of red; a quarter lies between levels 1 and 2 of green, nearer to 1.
    const row = said(colourShares, [32, 32], (channel, y, x) =>
      y >= 16 && x >= 16 ? (channel === 1 ? 1.25 / 5 : 0) : channel === 0 ? 1 : 0,
    );
    const at = (r: number, g: number, b: number) => row[(r * 6 + g) * 6 + b] ** 2;
    expect(at(5, 0, 0)).toBeCloseTo(0.75, 6);
    expect(at(0, 1, 0)).toBeCloseTo(0.25 * 0.75, 6);
    expect(at(0, 2, 0)).toBeCloseTo(0.25 * 0.25, 6);
    expect(squares(row)).toBeCloseTo(1, 6);
  });
});

describe('lowResolution', () => {
  it('is the means of squares less their mean, of length 1', () => {
    const row = said(lowResolution, [32, 32], (channel, y, x) => (channel + Math.floor(y / 2) + (x % 2)) / 40);
    const means = Array.from({ length: 3 * 256 }, (_, place) => {
      const [channel, y] = [Math.floor(place / 256), Math.floor(place / 16) % 16];
      return (channel + y + 0.5) / 40;
    });
    const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
    const length = Math.sqrt(squares(means.map((value) => value - mean)));
    for (const [place, value] of means.entries()) expect(row[place]).toBeCloseTo((value - mean) / length, 6);
  });
});
