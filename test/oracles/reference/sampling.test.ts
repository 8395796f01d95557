import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { float32, int64Vector, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { interpret } from './interpret.ts';
import {
  constant,
  fed,
  listed,
  type OperatorCase,
  type OperatorCases,
  operatorContract,
  uniform,
} from './operator.contract.ts';
import { sampling } from './sampling.ts';

const image = uniform([2, 3, 5, 6]);
const inside = uniform([2, 4, 3, 2], -0.95, 0.95);
const wide = uniform([2, 4, 3, 2], -3, 3);

const gridCases = ['linear', 'nearest', 'cubic'].flatMap((mode) =>
  ['zeros', 'border', 'reflection'].flatMap((paddingMode) =>
    [0, 1].flatMap((alignCorners): OperatorCase<'GridSample'>[] => [
      { inputs: [image, inside], attributes: { mode, paddingMode, alignCorners } },
      { inputs: [image, wide], attributes: { mode, paddingMode, alignCorners } },
    ]),
  ),
);

const transformations = ['half_pixel', 'half_pixel_symmetric', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];
const sizes = [listed(2, 3, 8, 11), listed(2, 3, 4, 4), listed(2, 3, 1, 9)];
const resizeCases = transformations.flatMap((coordinateTransformationMode) =>
  sizes.flatMap((size): OperatorCase<'Resize'>[] => [
    ...['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'].map((nearestMode) => ({
      inputs: [image, undefined, undefined, size],
      attributes: { mode: 'nearest', nearestMode, coordinateTransformationMode },
    })),
    { inputs: [image, undefined, undefined, size], attributes: { mode: 'linear', coordinateTransformationMode } },
    { inputs: [image, undefined, undefined, size], attributes: { mode: 'cubic', coordinateTransformationMode } },
    {
      inputs: [image, undefined, undefined, size],
      attributes: { mode: 'cubic', coordinateTransformationMode, excludeOutside: 1, cubicCoeffA: -0.5 },
    },
    {
      inputs: [image, undefined, undefined, size],
      attributes: { mode: 'linear', coordinateTransformationMode, antialias: 1 },
    },
    {
      inputs: [image, undefined, undefined, size],
      attributes: { mode: 'linear', coordinateTransformationMode, antialias: 1, excludeOutside: 1 },
    },
    {
      inputs: [image, undefined, undefined, size],
      attributes: { mode: 'cubic', coordinateTransformationMode, antialias: 1 },
    },
    {
      inputs: [image, undefined, undefined, size],
      attributes: { mode: 'cubic', coordinateTransformationMode, antialias: 1, excludeOutside: 1 },
    },
  ]),
);

const cases: OperatorCases<keyof typeof sampling> = {
  AffineGrid: [
    { inputs: [uniform([2, 2, 3]), listed(2, 3, 4, 5)], attributes: {} },
    { inputs: [uniform([2, 2, 3]), listed(2, 3, 4, 5)], attributes: { alignCorners: 1 } },
    { inputs: [uniform([1, 3, 4]), listed(1, 2, 3, 4, 2)], attributes: {} },
  ],
  GridSample: [
    { inputs: [uniform([1, 1, 2, 2]), fed(float32([1, 1, 2, 2], [-1, -1, 1, 1]))], attributes: {} },
    ...gridCases,
  ],
  Resize: [
    { inputs: [image, undefined, constant(float32([4], [1, 1, 2, 0.7]))], attributes: { mode: 'linear' } },
    { inputs: [image, undefined, constant(float32([4], [1, 1, 0.45, 1.5]))], attributes: { mode: 'nearest' } },
    {
      inputs: [uniform([1, 2, 40, 30]), undefined, undefined, listed(1, 2, 12, 7)],
      attributes: { mode: 'linear', antialias: 1 },
    },
    ...resizeCases,
  ],
};

operatorContract(sampling, cases);

describe('sampling', () => {
  it('halves an image by the mean of each pair where the antialiasing triangle is cut at the edges', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 1, 1, 4]);
    const size = graph.constant(int64Vector([1, 1, 1, 2]));
    const attributes = { mode: 'linear', antialias: 1, excludeOutside: 1 };
    graph.output('y', graph.apply('Resize', [x, undefined, undefined, size], attributes)[0]);
    // Weights 0.25, 0.75, 0.75, 0.25 around each centre; the one outside is dropped and the rest brought to a sum of 1.
    const { y } = interpret(graph, { x: float32([1, 1, 1, 4], [7, 0, 0, 14]) });
    expect(toNumbers(y).map((value) => value.toFixed(12))).toEqual(['3.000000000000', '6.000000000000']);
  });
});
