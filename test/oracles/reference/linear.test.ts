import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { conv, convTranspose } from '../../../src/graph/builder/operations.ts';
import { type StaticShape, sizeOf } from '../../../src/graph/tensor/shape.ts';
import { float32, tensor, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { interpret } from './interpret.ts';
import { linear } from './linear.ts';
import { type OperatorCases, operatorContract, uniform } from './operator.contract.ts';

const image = uniform([2, 4, 7, 6]);
const narrow = uniform([2, 4, 4, 3]);

const cases: OperatorCases<keyof typeof linear> = {
  Conv: [
    { inputs: [image, uniform([3, 4, 3, 3])], attributes: {} },
    { inputs: [image, uniform([3, 4, 3, 3]), uniform([3])], attributes: { pads: [1, 1, 1, 1] } },
    {
      inputs: [image, uniform([3, 4, 3, 2])],
      attributes: { kernelShape: [3, 2], strides: [2, 3], pads: [0, 1, 2, 0], dilations: [2, 1] },
    },
    { inputs: [image, uniform([6, 2, 3, 3]), uniform([6])], attributes: { group: 2, pads: [1, 1, 1, 1] } },
    { inputs: [image, uniform([4, 1, 3, 3])], attributes: { group: 4, strides: [2, 2] } },
    { inputs: [uniform([2, 3, 9]), uniform([4, 3, 4]), uniform([4])], attributes: { strides: [2], pads: [1, 2] } },
    { inputs: [uniform([1, 2, 4, 5, 3]), uniform([2, 2, 2, 3, 1])], attributes: { pads: [1, 0, 0, 0, 1, 0] } },
  ],
  ConvTranspose: [
    { inputs: [narrow, uniform([4, 3, 3, 3])], attributes: {} },
    {
      inputs: [narrow, uniform([4, 3, 3, 3]), uniform([3])],
      attributes: { strides: [2, 2], pads: [1, 1, 1, 1], outputPadding: [1, 1] },
    },
    { inputs: [narrow, uniform([4, 2, 2, 3])], attributes: { group: 2, strides: [3, 1], dilations: [1, 2] } },
    { inputs: [narrow, uniform([4, 1, 3, 3])], attributes: { group: 4, pads: [0, 1, 2, 0] } },
    { inputs: [uniform([2, 3, 4]), uniform([3, 2, 3])], attributes: { strides: [2] } },
  ],
  FusedMatMul: [
    { inputs: [uniform([3, 4]), uniform([4, 2])], attributes: { alpha: 0.5 } },
    { inputs: [uniform([4, 3]), uniform([2, 4])], attributes: { transA: 1, transB: 1 } },
    { inputs: [uniform([5, 4, 3]), uniform([5, 2, 4])], attributes: { transA: 1, transB: 1 } },
    { inputs: [uniform([3, 5, 4]), uniform([5, 4, 2])], attributes: { transBatchA: 1 } },
    {
      inputs: [uniform([4, 5, 3]), uniform([2, 5, 4])],
      attributes: { transA: 1, transB: 1, transBatchA: 1, transBatchB: 1 },
    },
    { inputs: [uniform([2, 5, 3, 4]), uniform([2, 5, 6, 4])], attributes: { transB: 1 } },
  ],
  Gemm: [
    { inputs: [uniform([3, 4]), uniform([4, 2])], attributes: {} },
    { inputs: [uniform([3, 4]), uniform([2, 4]), uniform([2])], attributes: { transB: 1, alpha: 0.5, beta: 2 } },
    { inputs: [uniform([4, 3]), uniform([4, 2]), uniform([3, 1])], attributes: { transA: 1 } },
  ],
  MatMul: [
    { inputs: [uniform([3, 4]), uniform([4, 2])], attributes: {} },
    { inputs: [uniform([2, 1, 3, 4]), uniform([5, 4, 2])], attributes: {} },
    { inputs: [uniform([4]), uniform([5, 4, 2])], attributes: {} },
    { inputs: [uniform([5, 3, 4]), uniform([4])], attributes: {} },
    { inputs: [uniform([4]), uniform([4])], attributes: {} },
  ],
};

operatorContract(linear, cases);

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const waves = (shape: StaticShape, seed: number) =>
  tensor(
    'float64',
    shape,
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(seed + i * i)),
  );

describe('linear', () => {
  it('has in ConvTranspose the adjoint of Conv: <conv(x), y> = <x, convTranspose(y)>', () => {
    const axis = fc.record({
      kernel: fc.nat(2),
      stride: fc.nat(2),
      begin: fc.nat(2),
      end: fc.nat(2),
      dilation: fc.nat(1),
    });
    const settings = fc.tuple(fc.array(axis, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(settings, ([axes, group]) => {
        const kernelShape = axes.map(({ kernel }) => kernel + 1);
        const attributes = {
          group,
          strides: axes.map(({ stride }) => stride + 1),
          dilations: axes.map(({ dilation }) => dilation + 1),
          pads: [...axes.map(({ begin }) => begin), ...axes.map(({ end }) => end)],
        };
        const counts = axes.map(() => 3);
        const shape = [2, 2 * group, ...counts];
        const graph = new Graph();
        const y = graph.input('y', 'float64', shape);
        const w = graph.input('w', 'float64', [2 * group, 1, ...kernelShape]);
        const back = axes.every((a) => 2 * (a.stride + 1) + a.kernel * (a.dilation + 1) + 1 - a.begin - a.end > 0);
        fc.pre(back);
        const transposed = convTranspose(y, w, attributes);
        const x = graph.input('x', 'float64', transposed.shape);
        graph.output('transposed', transposed);
        graph.output('convolved', conv(x, w, undefined, attributes));
        const feeds = { y: waves(shape, 1), w: waves(w.shape as StaticShape, 2), x: waves(x.shape as StaticShape, 3) };
        const results = interpret(graph, feeds);
        const left = dot(toNumbers(results['convolved']), toNumbers(feeds.y));
        expect(results['convolved'].shape).toEqual(shape);
        expect(dot(toNumbers(feeds.x), toNumbers(results['transposed']))).toBeCloseTo(left, 10);
      }),
    );
  });

  it('slides the kernel without turning it round', () => {
    const graph = new Graph();
    const w = graph.constant(float32([1, 1, 2], [10, 1]));
    graph.output('y', conv(graph.input('x', 'float32', [1, 1, 3]), w, undefined, { pads: [1, 0] }));
    expect(toNumbers(interpret(graph, { x: float32([1, 1, 3], [1, 2, 3]) })['y'])).toEqual([1, 12, 23]);
  });
});
