import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { float32, toNumbers } from '../../graph/tensor/tensor.ts';
import { batchNormalization, convolution, linear, maxPooling, padsOf, samePadding } from './layers.ts';
import { type NetworkScope, TrainingScope } from './network-scope.ts';

/** A graph of one layer over `x` of a shape; its other inputs are the layer's weights. */
function layer(shape: readonly number[], build: (scope: NetworkScope, x: Value) => Value, training = true) {
  const graph = new Graph();
  const scope = new TrainingScope(graph, training);
  graph.output('y', build(scope, graph.input('x', 'float32', shape)));
  if (training) for (const [name, { next }] of scope.statistics) graph.output(`next:${name}`, next);
  return graph;
}

const close = (values: readonly number[], digits = 6) => values.map((value) => expect.closeTo(value, digits));

describe('samePadding', () => {
  it('makes ceil(length / stride) windows with as few zeros as can be, an odd one behind', () => {
    const length = fc.integer({ min: 1, max: 300 });
    const window = fc.integer({ min: 1, max: 16 });
    fc.assert(
      fc.property(length, length, window, window, (height, width, size, stride) => {
        const padding = samePadding(height, width, size, stride);
        if (typeof padding === 'number') throw new Error('padding by axis expected');
        for (const [side, [before, after]] of [[height, padding.height] as const, [width, padding.width] as const]) {
          const windows = (total: number) => Math.floor((side + total - size) / stride) + 1;
          expect(windows(before + after)).toBeGreaterThanOrEqual(Math.ceil(side / stride));
          if (before + after > 0) expect(windows(before + after)).toBe(Math.ceil(side / stride));
          if (before + after > 0) expect(windows(before + after - 1)).toBeLessThan(Math.ceil(side / stride));
          expect([0, 1]).toContain(after - before);
        }
      }),
    );
  });

  it("has ONNX's order: top, left, bottom, right", () => {
    expect(padsOf({ size: 8, stride: 4, pad: samePadding(57, 9, 8, 4) })).toEqual([3, 3, 4, 4]);
    expect(padsOf({ size: 3, stride: 2, pad: { height: [1, 2], width: [3, 4] } })).toEqual([1, 3, 2, 4]);
    expect(padsOf({ size: 3, stride: 1, pad: 1 })).toEqual([1, 1, 1, 1]);
  });
});

describe('convolution', () => {
  it('slides a kernel over every channel and adds a bias', () => {
    const build = (scope: NetworkScope, x: Value) =>
      convolution(scope, 'c', x, 1, { size: 2, stride: 1, pad: { height: [0, 1], width: [1, 0] } }, { bias: true });
    const feeds = {
      x: float32([1, 2, 2, 2], [1, 2, 3, 4, 10, 20, 30, 40]),
      'c.weight': float32([1, 2, 2, 2], [1, 2, 3, 4, 0, 0, 0, 1]),
      'c.bias': float32([1], [0.5]),
    };
    // A column of zeros on the left, a row of zeros below: four windows of 2 x 2.
    const expected = [2 * 1 + 4 * 3 + 30, 1 * 1 + 2 * 2 + 3 * 3 + 4 * 4 + 40, 2 * 3, 1 * 3 + 2 * 4].map(
      (sum) => sum + 0.5,
    );
    expect(toNumbers(interpret(layer([1, 2, 2, 2], build), feeds)['y'])).toEqual(expected);
  });
});

describe('linear', () => {
  it('multiplies by the transposed weight and adds the bias', () => {
    const graph = layer([2, 3], (scope, x) => linear(scope, 'l', x, 2));
    const feeds = {
      x: float32([2, 3], [1, 2, 3, 4, 5, 6]),
      'l.weight': float32([2, 3], [1, 0, -1, 2, 2, 2]),
      'l.bias': float32([2], [0.5, -1]),
    };
    expect(toNumbers(interpret(graph, feeds)['y'])).toEqual([-1.5, 11, -1.5, 29]);
  });
});

describe('maxPooling', () => {
  it('pads as the window says, and keeps no places: whoever lowers its gradient does', () => {
    const window = { size: 2, stride: 2, pad: { height: [0, 1], width: [1, 0] } } as const;
    const [{ outputs }] = layer([1, 1, 5, 5], (_, x) => maxPooling(x, window), true).nodes;
    expect(outputs.map(({ type, shape }) => [type, shape])).toEqual([['float32', [1, 1, 3, 3]]]);
  });
});

describe('batchNormalization', () => {
  const norm = (training: boolean) => layer([3, 2, 1, 2], (scope, x) => batchNormalization(scope, 'norm', x), training);
  /** Three pictures of 1 x 2 with two channels: means 3.5 and 35, population variances 35 / 12 and 3500 / 12. */
  const feeds = () => ({
    x: float32([3, 2, 1, 2], [1, 2, 10, 20, 3, 4, 30, 40, 5, 6, 50, 60]),
    'norm.scale': float32([2], [1, 2]),
    'norm.bias': float32([2], [0, -1]),
    'norm.running_mean': float32([2], [100, 200]),
    'norm.running_variance': float32([2], [7, 8]),
  });
  const normalised = (mean: readonly number[], variance: readonly number[]) =>
    [...feeds().x.data].map((value, place) => {
      const channel = Math.floor(place / 2) % 2;
      return ((channel + 1) * (value - mean[channel])) / Math.sqrt(variance[channel] + 1e-5) - channel;
    });

  it('normalises by the batch in training, and by the running statistics outside', () => {
    expect(toNumbers(interpret(norm(true), feeds())['y'])).toEqual(close(normalised([3.5, 35], [35 / 12, 3500 / 12])));
    expect(toNumbers(interpret(norm(false), feeds())['y'])).toEqual(close(normalised([100, 200], [7, 8])));
  });

  it('moves the running statistics a tenth of the way to the batch, and leaves those that it is fed alone', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const program = await engine.compile(norm(true));
    const given = feeds();
    const byReference = interpret(norm(true), feeds());
    for (const results of [await program.run(given), byReference]) {
      expect(toNumbers(results['next:norm.running_mean'])).toEqual(close([90 + 0.35, 180 + 3.5], 4));
      expect(toNumbers(results['next:norm.running_variance'])).toEqual(close([6.3 + 3.5 / 12, 7.2 + 350 / 12], 4));
    }
    expect(given).toEqual(feeds());
    await engine.close();
  });
});
