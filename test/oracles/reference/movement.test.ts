import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { gather } from '../../../src/graph/builder/operations.ts';
import { float32, int64Vector, tensor, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { interpret } from './interpret.ts';
import { movement } from './movement.ts';
import {
  bool,
  constant,
  fed,
  int64,
  listed,
  type OperatorCases,
  operatorContract,
  uniform,
} from './operator.contract.ts';

const shape = [2, 3, 4];
const whole = fed(int64([2, 3], [1, 2, 3, 4, 5, 6]));
const rows = fed(int64([2, 2], [0, -1, 1, 1]));
const rowsOf3 = fed(int64([2, 3], [0, 1, 1, -1, 0, 1]));
const updates = uniform([2, 3]);
const scattering = { inputs: [uniform([2, 3]), rowsOf3, updates] } as const;
const twice = [uniform([4]), fed(int64([5], [1, 1, 3, 1, 3])), uniform([5])];
const edge = { inputs: [uniform([4, 5]), listed(1, 2, 2, 1)] } as const;

const cases: OperatorCases<keyof typeof movement> = {
  Concat: [
    { inputs: [uniform([2, 1, 4]), uniform([2, 3, 4]), uniform([2, 2, 4])], attributes: { axis: 1 } },
    { inputs: [whole, whole], attributes: { axis: -1 } },
    { inputs: [uniform([1]), uniform([3])], attributes: { axis: 0 } },
  ],
  ConstantOfShape: [
    { inputs: [listed(2, 3)], attributes: { value: -1.5 } },
    { inputs: [listed()], attributes: {} },
  ],
  Expand: [
    { inputs: [uniform([3, 1]), listed(2, 3, 4)], attributes: {} },
    { inputs: [uniform([3, 4]), listed(3, 1)], attributes: {} },
    { inputs: [uniform([]), listed(2, 2)], attributes: {} },
  ],
  Flatten: [
    { inputs: [uniform(shape)], attributes: {} },
    { inputs: [uniform(shape)], attributes: { axis: 0 } },
    { inputs: [uniform(shape)], attributes: { axis: 3 } },
    { inputs: [uniform(shape)], attributes: { axis: -1 } },
  ],
  Gather: [
    { inputs: [uniform(shape), rows], attributes: {} },
    { inputs: [uniform(shape), rows], attributes: { axis: -1 } },
    { inputs: [uniform(shape), fed(int64([], [2]))], attributes: { axis: 1 } },
    { inputs: [whole, fed(int64([4], [1, 0, 1, 1]))], attributes: {} },
  ],
  GatherElements: [
    { inputs: [uniform([2, 3]), rowsOf3], attributes: {} },
    { inputs: [uniform([2, 3]), rows], attributes: { axis: 1 } },
    { inputs: [uniform(shape), fed(int64([1, 2, 2], [3, 0, -1, 2]))], attributes: { axis: 2 } },
  ],
  Pad: [
    { ...edge, attributes: {} },
    { inputs: [...edge.inputs, constant(float32([], [-7]))], attributes: {} },
    { inputs: [uniform([4, 5]), listed(3, -2), undefined, listed(1)], attributes: {} },
    { inputs: [uniform([4, 5]), listed(-1, 2, 0, -2)], attributes: {} },
    { ...edge, attributes: { mode: 'edge' } },
    { ...edge, attributes: { mode: 'reflect' } },
    { inputs: [whole, listed(0, 1, 1, 0)], attributes: {} },
  ],
  Range: [
    {
      inputs: [constant(float32([], [1])), constant(float32([], [2.6])), constant(float32([], [0.5]))],
      attributes: {},
    },
    { inputs: [constant(int64([], [7])), constant(int64([], [-1])), constant(int64([], [-3]))], attributes: {} },
    { inputs: [constant(int64([], [7])), constant(int64([], [7])), constant(int64([], [1]))], attributes: {} },
  ],
  Reshape: [
    { inputs: [uniform(shape), listed(4, 6)], attributes: {} },
    { inputs: [uniform(shape), listed(0, -1)], attributes: {} },
    { inputs: [uniform([0, 3]), listed(3, 0)], attributes: { allowzero: 1 } },
    { inputs: [uniform([1, 1]), listed()], attributes: {} },
  ],
  ScatterElements: [
    { inputs: [uniform([2, 3]), fed(int64([1, 3], [1, 0, -1])), uniform([1, 3])], attributes: {} },
    { ...scattering, attributes: { reduction: 'add' } },
    { ...scattering, attributes: { reduction: 'mul' } },
    { ...scattering, attributes: { reduction: 'max' } },
    { ...scattering, attributes: { reduction: 'min' } },
    { inputs: twice, attributes: { reduction: 'add' } },
    { inputs: twice, attributes: { reduction: 'none' } },
    { inputs: [uniform([2, 3]), rows, uniform([2, 2])], attributes: { axis: 1, reduction: 'add' } },
    { inputs: [whole, rowsOf3, whole], attributes: { reduction: 'add' } },
  ],
  Shape: [
    { inputs: [uniform(shape)], attributes: {} },
    { inputs: [uniform(shape)], attributes: { start: 1 } },
    { inputs: [uniform(shape)], attributes: { start: -2, end: -1 } },
    { inputs: [uniform(shape)], attributes: { start: -9, end: 9 } },
  ],
  Slice: [
    { inputs: [uniform([5, 6]), listed(1, 2), listed(4, 5)], attributes: {} },
    { inputs: [uniform([5, 6]), listed(-3), listed(99), listed(1), listed(2)], attributes: {} },
    { inputs: [uniform([5, 6]), listed(-1), listed(-99), listed(0), listed(-1)], attributes: {} },
    { inputs: [uniform([5, 6]), listed(9, 4), listed(0, -6), listed(-1, 0), listed(-2, -3)], attributes: {} },
    { inputs: [uniform([5, 6]), listed(3), listed(3), listed(0)], attributes: {} },
    { inputs: [uniform([5, 6]), listed(-9), listed(2), listed(0), listed(1)], attributes: {} },
    { inputs: [whole, listed(1), listed(2), listed(0)], attributes: {} },
  ],
  Split: [
    { inputs: [uniform([6, 2])], attributes: { numOutputs: 3 }, outputs: 3 },
    { inputs: [uniform([2, 7])], attributes: { axis: 1, numOutputs: 3 }, outputs: 3 },
    { inputs: [uniform([2, 7]), listed(1, 4, 2)], attributes: { axis: -1 }, outputs: 3 },
  ],
  Squeeze: [
    { inputs: [uniform([1, 3, 1, 2])], attributes: {} },
    { inputs: [uniform([1, 3, 1, 2]), listed(-2)], attributes: {} },
  ],
  Tile: [
    { inputs: [uniform([2, 3]), listed(2, 3)], attributes: {} },
    { inputs: [whole, listed(1, 2)], attributes: {} },
  ],
  Transpose: [
    { inputs: [uniform(shape)], attributes: {} },
    { inputs: [uniform(shape)], attributes: { perm: [1, 2, 0] } },
    { inputs: [fed(bool([2, 2], [0, 1, 1, 0]))], attributes: { perm: [1, 0] } },
  ],
  Unsqueeze: [
    { inputs: [uniform([2, 3]), listed(0, -1)], attributes: {} },
    { inputs: [uniform([2, 3]), listed(2, 1)], attributes: {} },
  ],
};

operatorContract(movement, cases);

describe('movement', () => {
  it('slices as a walk from start to end does, one step after another', () => {
    const place = fc.integer({ min: -9, max: 9 });
    const step = place.filter((n) => n !== 0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), place, place, step, (length, start, end, stride) => {
        const graph = new Graph();
        const x = graph.input('x', 'float32', [length]);
        const bounds = [[start], [end], [0], [stride]].map((values) => graph.constant(int64Vector(values)));
        graph.output('y', graph.apply('Slice', [x, ...bounds], {})[0]);
        const { y } = interpret(graph, { x: float32([length], Array.from({ length }).keys()) });
        // Start on the nearest element inside; then step until the end, or the axis, is passed.
        const [from, to] = [start, end].map((bound) => (bound < 0 ? bound + length : bound));
        const walked: number[] = [];
        const first = stride > 0 ? Math.max(from, 0) : Math.min(Math.max(from, 0), length - 1);
        for (let i = first; i >= 0 && i < length && (stride > 0 ? i < to : i > to); i += stride) walked.push(i);
        expect(toNumbers(y)).toEqual(walked);
      }),
    );
  });

  it('refuses an index outside the axis', () => {
    const graph = new Graph();
    graph.output('y', gather(graph.input('x', 'float32', [3]), graph.input('i', 'int64', [1])));
    const i = tensor('int64', [1], BigInt64Array.of(3n));
    expect(() => interpret(graph, { x: float32([3], [1, 2, 3]), i })).toThrow(/Gather.*index 3.*length 3: use -3 to 2/);
  });
});
