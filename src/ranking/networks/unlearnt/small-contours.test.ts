import { describe, expect, it } from 'vitest';
import { interpret } from '../../../../test/oracles/reference/interpret.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { Graph } from '../../../graph/builder/graph.ts';
import { tensor, toNumbers } from '../../../graph/tensor/tensor.ts';
import { orientedGradients } from './oriented-gradients.ts';
import { smallContourLength, smallContours } from './small-contours.ts';

/** What a builder makes of a picture [1, 3, height, width]. */
function found(build: typeof smallContours, height: number, width: number, data: Float64Array<ArrayBuffer>): number[] {
  const graph = new Graph();
  graph.output('found', build(graph.input('image', 'float64', [1, 3, height, width])));
  return toNumbers(interpret(graph, { image: tensor('float64', [1, 3, height, width], data) }).found);
}

function drawn(height: number, width: number): Float64Array<ArrayBuffer> {
  const random = RandomSource.fromSeed(5);
  return Float64Array.from({ length: 3 * height * width }, () => random.uniform());
}

describe('smallContours', () => {
  it.each([
    [64, 64],
    [70, 100],
    [127, 130],
    [128, 200],
    [200, 224],
  ])('has the length that it says for %d x %d', (height, width) => {
    expect(found(smallContours, height, width, drawn(height, width))).toHaveLength(smallContourLength(height, width));
  });

  it('is the gradients of a picture whose pixels are averaged in squares', () => {
    const [height, width] = [130, 196];
    const whole = drawn(height, width);
    const small = new Float64Array(3 * 65 * 98);
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < 65; y++) {
        for (let x = 0; x < 98; x++) {
          const at = (dy: number, dx: number) => whole[(c * height + 2 * y + dy) * width + 2 * x + dx];
          small[(c * 65 + y) * 98 + x] = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4;
        }
      }
    }
    const [direct, expected] = [found(smallContours, height, width, whole), found(orientedGradients, 65, 98, small)];
    expect(Math.max(...direct.map((value, place) => Math.abs(value - expected[place])))).toBeLessThan(1e-9);
  });
});
