import { afterAll, beforeAll, expect, it } from 'vitest';
import { interpret } from '../../../../test/oracles/reference/interpret.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { Graph, type Value } from '../../../graph/builder/graph.ts';
import { add, cast, conv, mul, relu } from '../../../graph/builder/operations.ts';
import { neededParts } from '../../../graph/export/needed.ts';
import { type StaticShape, sizeOf } from '../../../graph/tensor/shape.ts';
import { float32, type Tensor, tensor, toNumbers } from '../../../graph/tensor/tensor.ts';
import { OnnxruntimeEngine } from '../../onnxruntime/onnxruntime-engine.ts';
import { inferenceForm, worksOnBytes } from './inference-form.ts';

let engine: OnnxruntimeEngine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const random = RandomSource.fromSeed(3);
const numbers = (shape: StaticShape, from = -1): Tensor =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.between(from, 1)),
  );
const window = { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1] };

function normalized(x: Value, filters: number): Value {
  const statistics = [numbers([filters]), numbers([filters]), numbers([filters]), numbers([filters], 0.2)];
  const inputs = [x, ...statistics.map((one) => x.graph.constant(one))];
  const [y] = x.graph.apply('BatchNormalization', inputs, { epsilon: 1e-3 });
  return y;
}

/** Convolutions with weights of bytes, with a bias and without, a normalisation behind each. */
function network(): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 4, 5, 5]);
  const bytes = tensor(
    'uint8',
    [6, 4, 3, 3],
    Uint8Array.from({ length: 216 }, (_, place) => (place * 37) % 256),
  );
  const weights = mul(add(cast(graph.constant(bytes, 'bytes'), 'float32'), -128), 1 / 128);
  const first = relu(normalized(conv(x, weights, undefined, window), 6));
  const second = graph.constant(numbers([6, 3, 3, 3]), 'w2');
  const bias = graph.constant(numbers([6]), 'b2');
  graph.output('y', normalized(conv(first, second, bias, { ...window, group: 2 }), 6));
  return graph;
}

const operators = (graph: Graph) => neededParts(graph).nodes.map(({ op }) => op);

it('computes constants and folds normalisations into the weights before them', async () => {
  const graph = network();
  const form = await inferenceForm(graph, engine);
  expect(operators(form)).toEqual(['Conv', 'Relu', 'Conv']);
  const x = numbers([2, 4, 5, 5]);
  const [found, expected] = [form, graph].map((one) => toNumbers(interpret(one, { x })['y']));
  expect(Math.max(...expected.map((value, place) => Math.abs(value - found[place])))).toBeLessThan(2e-6);
  expect(Math.max(...expected)).toBeGreaterThan(0.5);
});

it('leaves a convolution that something else reads, and one whose weights are fed', async () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [1, 4, 5, 5]);
  const read = conv(x, graph.constant(numbers([4, 4, 3, 3])), undefined, window);
  const fed = conv(x, graph.input('w', 'float32', [4, 4, 3, 3]), undefined, window);
  graph.output('y', add(normalized(read, 4), read));
  graph.output('z', normalized(fed, 4));
  const form = await inferenceForm(graph, engine);
  expect(operators(form).toSorted()).toEqual(operators(graph).toSorted());
});

it('leaves a constant that would grow beyond bounds', async () => {
  const graph = new Graph();
  const zeros = graph.apply(
    'ConstantOfShape',
    [graph.constant(tensor('int64', [2], BigInt64Array.from([512n, 512n])))],
    {
      value: 0,
    },
  );
  graph.output('y', add(graph.input('x', 'float32', [512, 512]), zeros[0]));
  expect(operators(await inferenceForm(graph, engine))).toEqual(['ConstantOfShape', 'Add']);
});

it('knows a network whose layers work on bytes', () => {
  expect(worksOnBytes(network())).toBe(false);
  const graph = new Graph();
  const scale = graph.constant(float32([], [0.1]));
  const [bytes] = graph.apply('QuantizeLinear', [graph.input('x', 'float32', [4]), scale], {});
  graph.output('y', bytes);
  expect(worksOnBytes(graph)).toBe(true);
});
