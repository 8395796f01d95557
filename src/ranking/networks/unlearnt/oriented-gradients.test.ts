import { describe, expect, it } from 'vitest';
import { interpret } from '../../../../test/oracles/reference/interpret.ts';
import { hashedPictures, hashedUniform } from '../../../../test/support/hashed-numbers.ts';
import { OnnxruntimeEngine } from '../../../engines/onnxruntime/onnxruntime-engine.ts';
import { Graph } from '../../../graph/builder/graph.ts';
import { type Tensor, tensor, toNumbers } from '../../../graph/tensor/tensor.ts';
import { orientedGradients } from './oriented-gradients.ts';

type Picture = (channel: number, y: number, x: number) => number;

function graphOf(rows: number, channels: number, height: number, width: number): Graph {
  const graph = new Graph();
  graph.output('features', orientedGradients(graph.input('image', 'float32', [rows, channels, height, width])));
  return graph;
}

function features(image: Tensor): number[][] {
  const [rows, channels, height, width] = image.shape;
  const { features: found } = interpret(graphOf(rows, channels, height, width), { image });
  const numbers = toNumbers(found);
  const length = numbers.length / rows;
  return Array.from({ length: rows }, (_, row) => Array.from(numbers.slice(row * length, (row + 1) * length)));
}

function drawn(channels: number, height: number, width: number, picture: Picture): Tensor {
  const image = tensor('float64', [1, channels, height, width]);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) image.data[(channel * height + y) * width + x] = picture(channel, y, x);
    }
  }
  return image;
}

/** The definition, pixel by pixel: angles instead of products, sums instead of pools. */
function scalarFeatures(channels: number, height: number, width: number, picture: Picture): number[] {
  const side = Math.floor(Math.min(height, width) / 8);
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)];
  const edge = Math.cos(Math.PI / 9);
  const mean = Array.from({ length: rows }, () => Array.from({ length: columns }, () => new Float64Array(9)));
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const [row, column] = [Math.floor(y / side), Math.floor(x / side)];
      if (row >= rows || column >= columns) continue;
      const gradients = Array.from({ length: channels }, (_, channel) => [
        picture(channel, y, x + 1) - picture(channel, y, x - 1),
        picture(channel, y + 1, x) - picture(channel, y - 1, x),
      ]);
      const longest = Math.max(...gradients.map(([dx, dy]) => dx * dx + dy * dy));
      const ties = gradients.filter(([dx, dy]) => dx * dx + dy * dy === longest);
      const dx = ties.reduce((sum, [value]) => sum + value, 0) / ties.length;
      const dy = ties.reduce((sum, [, value]) => sum + value, 0) / ties.length;
      for (let bin = 0; bin < 9; bin++) {
        const off = Math.atan2(dy, dx) - (bin * Math.PI) / 9;
        const along = Math.abs(Math.cos(off)) * Math.hypot(dx, dy);
        const share = Math.max(0, along - edge * Math.sqrt(longest)) / (1 - edge);
        mean[row][column][bin] += share / (side * side);
      }
    }
  }
  const at = (row: number, column: number, bin: number) => mean[row]?.[column]?.[bin] ?? 0;
  const overlapping = (row: number, column: number, bin: number) =>
    (at(row - 1, column - 1, bin) + at(row - 1, column, bin) + at(row, column - 1, bin) + at(row, column, bin)) / 4;
  const unit = (values: number[]) => {
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 1e-6));
    return values.map((value) => value / length);
  };
  const places: number[][] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const block: number[] = [];
      for (let cell = 0; cell < 9; cell++) {
        for (let bin = 0; bin < 9; bin++) {
          block.push(overlapping(row + Math.floor(cell / 3), column + (cell % 3), bin));
        }
      }
      places.push(unit(unit(block).map((value) => Math.min(value, 0.2))));
    }
  }
  const all = Array.from({ length: 81 }, (_, element) => places.map((place) => place[element])).flat();
  const length = Math.hypot(...all);
  return all.map((value) => value / length);
}

function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const worst = Math.max(...expected.map((value, index) => Math.abs(value - found[index])));
  expect(worst).toBeLessThan(tolerance);
}

describe('orientedGradients', () => {
  it.each([
    [3, 64, 64, 3969],
    [1, 64, 64, 3969],
    [3, 28, 28, 81 * 8 * 8],
    [3, 45, 30, 81 * 14 * 9],
    [3, 16, 16, 3969],
  ])('are what loops over pixels count: %i channels, %i x %i', (channels, height, width, length) => {
    const values = hashedUniform('picture', channels * height * width);
    const picture: Picture = (channel, y, x) => values[(channel * height + y) * width + x];
    const [found] = features(drawn(channels, height, width, picture));
    expect(found).toHaveLength(length);
    // The weights of the directions are float32.
    expectClose(found, scalarFeatures(channels, height, width, picture), 1e-7);
    expect(Math.hypot(...found)).toBeCloseTo(1, 12);
  });

  it('of grey pictures are the same in three equal channels as in one', () => {
    const values = hashedUniform('grey', 64 * 64);
    const grey: Picture = (_, y, x) => values[y * 64 + x];
    expectClose(features(drawn(3, 64, 64, grey))[0], features(drawn(1, 64, 64, grey))[0], 1e-12);
  });

  it('tell directions apart, not senses, and not how strong or bright a picture is', () => {
    const ramp = (angle: number, strength = 1, base = 0): Picture => {
      return (_, y, x) => base + strength * Math.sin(0.4 * (x * Math.cos(angle) + y * Math.sin(angle)));
    };
    const of = (picture: Picture) => features(drawn(1, 64, 64, picture))[0];
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, index) => sum + value * b[index], 0);
    const flat = of(ramp(0));
    expect(dot(flat, of(ramp(Math.PI)))).toBeGreaterThan(0.999);
    expect(dot(flat, of(ramp(0, 0.5, 0.2)))).toBeGreaterThan(0.999);
    expect(dot(flat, of(ramp(Math.PI / 9)))).toBeLessThan(0.1);
    expect(dot(flat, of(ramp(Math.PI / 2)))).toBeLessThan(0.01);
  });

  it('of a picture of one colour are zeros', () => {
    expect(new Set(features(drawn(3, 64, 64, (channel) => 0.2 * channel))[0])).toEqual(new Set([0]));
  });

  it('are the same in onnxruntime', async () => {
    const bytes = hashedPictures(2, 64);
    const image = tensor('float32', [2, 3, 64, 64]);
    for (let index = 0; index < image.data.length; index++) image.data[index] = Number(bytes.data[index]) / 255;
    const engine = await OnnxruntimeEngine.create();
    const program = await engine.compile(graphOf(2, 3, 64, 64));
    const { features: found } = await program.run({ image: { ...image, data: image.data.slice() } as Tensor });
    await engine.close();
    expectClose(Array.from(toNumbers(found)), features(image as Tensor).flat(), 1e-5);
  });

  it('need pictures of 16 pixels', () => {
    expect(() => graphOf(1, 3, 15, 64)).toThrow(
      'histograms of oriented gradients need pictures of at least 16 pixels a side, got 64 x 15: use larger pictures, or leave choices.hog out',
    );
  });
});
