import { describe, expect, it } from 'vitest';
import { runGraph } from '../../../test/support/run-graph.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { conv, flatten, gemm, maxPool, relu } from '../../graph/builder/operations.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { importModel } from '../../graph/import/import-model.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';
import { float32, type Tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { affineOf, type ValueRange } from './affine.ts';
import { observe, observedValues } from './calibrate.ts';
import { quantizableLayers } from './quantizable-layers.ts';
import { quantizeGraph } from './quantize-graph.ts';

const random = RandomSource.fromSeed(8);
const numbers = (shape: StaticShape, size = 1) =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => size * random.normal()),
  );
const pictures = numbers([2, 3, 8, 8]);
const kernel = numbers([5, 3, 3, 3], 0.3);
const shift = numbers([5], 0.5);

/** Convolution with stride and padding, pool, ReLU; then a hidden dense layer and an embedding. */
function network(): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3, 8, 8]);
  const convolved = conv(x, graph.constant(kernel, 'kernel'), graph.constant(shift, 'shift'), {
    strides: [1, 1],
    pads: [1, 0, 1, 0],
  });
  const pooled = relu(maxPool(convolved, { kernelShape: [2, 2], strides: [2, 2] }));
  const hidden = relu(
    gemm(flatten(pooled), graph.constant(numbers([7, 60], 0.2)), graph.constant(numbers([7])), { transB: 1 }),
  );
  graph.output('features', pooled);
  graph.output('y', gemm(hidden, graph.constant(numbers([4, 7], 0.4)), graph.constant(numbers([4])), { transB: 1 }));
  return graph;
}

async function* once(feeds: Record<string, Tensor>) {
  yield feeds;
}

const graph = network();
const layers = quantizableLayers(graph);

async function observed(): Promise<Map<(typeof layers)[number]['input'], ValueRange>> {
  const engine = await OnnxruntimeEngine.create({ threads: 1 });
  const { seen, rows } = await observe(graph, observedValues(layers), engine, once({ x: pictures }));
  await engine.close();
  expect(rows).toBe(2);
  return new Map([...seen].map(([value, histogram]) => [value, histogram.range]));
}

const byte = (level: number) => Math.min(Math.max(level, 0), 255);
function nearest(x: number): number {
  const [below, above] = [Math.floor(x), Math.ceil(x)];
  if (x - below !== above - x) return x - below < above - x ? below : above;
  return below % 2 === 0 ? below : above;
}

/** The convolution's bytes, by whole numbers in plain loops, then the pool's. */
function convolvedBytes(input: ValueRange, output: ValueRange, limit: number): number[] {
  const [from, to] = [affineOf(input), affineOf(output)];
  const levels = [...pictures.data].map((x) => byte(nearest(Math.fround(x / from.scale)) + from.zeroPoint));
  const pooled: number[] = [];
  for (let n = 0; n < 2; n++) {
    for (let f = 0; f < 5; f++) {
      const own = [...kernel.data].slice(f * 27, (f + 1) * 27);
      const scale = Math.fround(Math.max(...own.map(Math.abs)) / limit);
      const weights = own.map((w) => nearest(w / scale));
      const start = nearest(shift.data[f] / Math.fround(from.scale * scale));
      const at = (row: number, column: number): number => {
        let sum = start;
        for (let c = 0; c < 3; c++) {
          for (let i = 0; i < 3; i++) {
            for (let j = 0; j < 3; j++) {
              const [y, x] = [row + i - 1, column + j];
              if (y < 0 || y >= 8) continue;
              sum += weights[(c * 3 + i) * 3 + j] * (levels[((n * 3 + c) * 8 + y) * 8 + x] - from.zeroPoint);
            }
          }
        }
        return byte(nearest((sum * from.scale * scale) / to.scale) + to.zeroPoint);
      };
      for (let row = 0; row < 8; row += 2) {
        for (let column = 0; column < 6; column += 2) {
          pooled.push(Math.max(at(row, column), at(row, column + 1), at(row + 1, column), at(row + 1, column + 1)));
        }
      }
    }
  }
  return pooled;
}

/** The graph in whole numbers, the convolution's bytes by plain loops, and what a byte of them is worth. */
async function whole(weightLimit: number) {
  const ranges = await observed();
  // A range too narrow saturates at both ends.
  const input = ranges.get(graph.inputs[0])!;
  ranges.set(graph.inputs[0], { low: input.low / 2, high: input.high / 2 });
  const output = ranges.get(layers[0].output)!;
  const { scale, zeroPoint } = affineOf(output);
  expect(zeroPoint).toBe(0);
  const expected = convolvedBytes(ranges.get(graph.inputs[0])!, output, weightLimit);
  return { expected, scale, quantized: quantizeGraph(graph, { ranges, weightLimit }) };
}

describe('quantizeGraph', () => {
  it('takes convolutions and hidden dense layers, with the pools and ReLUs behind them', () => {
    expect(layers.map(({ node, followers }) => [node.op, ...followers.map(({ op }) => op)])).toEqual([
      ['Conv', 'MaxPool', 'Relu'],
      ['Gemm', 'Relu'],
    ]);
    // The dense layer reads the convolution's output in another shape: that is one value, not two.
    expect(observedValues(layers).map(({ name }) => name)).toEqual(['x', layers[0].output.name, layers[1].output.name]);
  });

  it.each([127, 63])('computes whole numbers: what plain loops give, by the reference (limit %d)', async (limit) => {
    const { expected, scale, quantized } = await whole(limit);
    expect(new Set(expected).size).toBeGreaterThan(40);
    const { features } = await runGraph(quantized, { x: pictures });
    expect(toNumbers(features).map((x) => Math.round(x / scale))).toEqual(expected);
  });

  it('gives the same on onnxruntime, on any processor: 16 bits hold two products of a byte and 63', async () => {
    const { expected, scale, quantized } = await whole(63);
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const program = await engine.compile(quantized);
    const [fast, slow] = [await program.run({ x: pictures }), await runGraph(quantized, { x: pictures })];
    await engine.close();
    expect(toNumbers(fast['features']).map((x) => Math.round(x / scale))).toEqual(expected);
    const largest = Math.max(...toNumbers(slow['y']).map(Math.abs));
    for (const [place, y] of toNumbers(fast['y']).entries()) {
      expect(Math.abs(y - toNumbers(slow['y'])[place])).toBeLessThan(1e-5 * largest);
    }
  });

  it('stays near the graph in floating point and within the standard domain, and comes back from a file', async () => {
    const quantized = quantizeGraph(graph, { ranges: await observed(), weightLimit: 63 });
    const [exact, found] = await Promise.all([graph, quantized].map((each) => runGraph(each, { x: pictures })));
    const largest = Math.max(...toNumbers(exact['y']).map(Math.abs));
    for (const [place, y] of toNumbers(found['y']).entries()) {
      expect(Math.abs(y - toNumbers(exact['y'])[place])).toBeLessThan(0.03 * largest);
    }
    const back = importModel(exportModel(quantized));
    expect(back.nodes.filter(({ kind }) => kind === 'opaque')).toEqual([]);
    expect(toNumbers((await runGraph(back, { x: pictures }))['y'])).toEqual(toNumbers(found['y']));
  });

  it('begins at zero where a ReLU was, whatever range is given', async () => {
    const ranges = await observed();
    const { output } = layers[0];
    const high = ranges.get(output)?.high ?? 0;
    const featuresFrom = async (low: number) => {
      const given = new Map([...ranges, [output, { low, high }] as const]);
      const quantized = quantizeGraph(graph, { ranges: given, weightLimit: 63 });
      return toNumbers((await runGraph(quantized, { x: pictures }))['features']);
    };
    const rectified = await featuresFrom(0);
    expect(Math.min(...rectified)).toBe(0);
    expect(await featuresFrom(-high)).toEqual(rectified);
  });

  it('asks for the range of every layer', () => {
    expect(() => quantizeGraph(graph, { ranges: new Map(), weightLimit: 63 })).toThrow(
      "no range is known for 'x': observe the graph's layers first",
    );
  });
});

describe('observe', () => {
  it('names the value that is not finite, and refuses to have seen nothing', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const broken = float32([2, 3, 8, 8], new Array<number>(384).fill(Number.NaN));
    await expect(observe(graph, observedValues(layers), engine, once({ x: broken }))).rejects.toThrow(
      "calibration: in 'x' an element is not a finite number",
    );
    await expect(observe(graph, [], engine, (async function* () {})())).rejects.toThrow(
      'none of the images can be read',
    );
    await engine.close();
  });
});
