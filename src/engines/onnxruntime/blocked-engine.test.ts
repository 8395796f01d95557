import { describe, expect, it } from 'vitest';
import { ReferenceEngine } from '../../../test/oracles/reference/reference-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { conv, relu } from '../../graph/builder/operations.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { engineContract } from '../engine.contract.ts';
import { blockConvolutions } from './blocked-convolution.ts';
import { BlockedEngine } from './blocked-engine.ts';
import { OnnxruntimeEngine } from './onnxruntime-engine.ts';

engineContract('blocked', async () => BlockedEngine.over(await OnnxruntimeEngine.create()));

const random = RandomSource.fromSeed(1, 'blocked');
const randomTensor = (shape: readonly number[]): Tensor =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  );

describe('convolutions in blocks', () => {
  it.each([
    { channels: 16, filters: 32, size: 7, kernel: 3, stride: 1, pad: 1, dilation: 1, bias: true },
    { channels: 48, filters: 16, size: 9, kernel: 3, stride: 2, pad: 1, dilation: 1, bias: false },
    { channels: 32, filters: 32, size: 8, kernel: 1, stride: 1, pad: 0, dilation: 1, bias: true },
    { channels: 16, filters: 16, size: 11, kernel: 3, stride: 1, pad: 2, dilation: 2, bias: false },
    { channels: 32, filters: 16, size: 10, kernel: 8, stride: 2, pad: 3, dilation: 1, bias: true },
    { channels: 24, filters: 20, size: 6, kernel: 3, stride: 1, pad: 1, dilation: 1, bias: true },
    { channels: 32, filters: 24, size: 6, kernel: 3, stride: 2, pad: 1, dilation: 1, bias: true },
    { channels: 28, filters: 31, size: 5, kernel: 2, stride: 1, pad: 0, dilation: 1, bias: true },
  ])(
    'give what the plain kernels give: %o',
    async ({ channels, filters, size, kernel, stride, pad, dilation, bias }) => {
      const graph = new Graph();
      const x = graph.input('x', 'float32', [3, channels, size, size]);
      const w = graph.input('w', 'float32', [filters, channels, kernel, kernel]);
      const b = bias ? graph.input('b', 'float32', [filters]) : undefined;
      const y = conv(relu(x), w, b, {
        kernelShape: [kernel, kernel],
        strides: [stride, stride],
        pads: [pad, pad, pad, pad],
        dilations: [dilation, dilation],
      });
      graph.output('y', y);
      const feeds = Object.fromEntries(graph.inputs.map(({ name, shape }) => [name, randomTensor(shape.map(Number))]));
      const plain = await (await new ReferenceEngine().compile(graph)).run(feeds);
      const engine = await BlockedEngine.over(await OnnxruntimeEngine.create());
      const blocked = await (await engine.compile(graph)).run(feeds);
      const expected = toNumbers(plain.y);
      const largest = Math.max(...expected.map(Math.abs));
      for (const [place, value] of toNumbers(blocked.y).entries()) {
        expect(Math.abs(value - expected[place])).toBeLessThan(1e-5 * largest);
      }
      await engine.close();
    },
  );

  it('are used where blocks are whole or nearly so and filters are not constant, and nowhere else', () => {
    const graph = new Graph();
    const image = (channels: number) => graph.input(`x${channels}`, 'float32', [2, channels, 6, 6]);
    const kernel = { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1] };
    const a = image(8);
    const plain = (name: string, x: Value, filters: number) =>
      graph.output(
        name,
        conv(x, graph.input(`w:${name}`, 'float32', [filters, Number(x.shape[1]), 3, 3]), undefined, kernel),
      );
    plain('whole', a, 16);
    plain('filled', image(12), 16);
    plain('half empty', image(4), 16);
    plain('reordered by fours', image(14), 16);
    graph.output('groups', conv(a, graph.input('wg', 'float32', [8, 4, 3, 3]), undefined, { ...kernel, group: 2 }));
    graph.output('constant', conv(a, graph.constant(randomTensor([8, 8, 3, 3])), undefined, kernel));
    const blocked = blockConvolutions(graph, 8);
    expect(blocked.nodes.filter(({ op, kind }) => kind === 'opaque' && op === 'Conv')).toHaveLength(2);
    const left = [...blocked.outputs].filter(([, { origin }]) => origin.kind === 'node' && origin.node.op === 'Conv');
    expect(left.map(([name]) => name)).toEqual(['half empty', 'reordered by fours', 'groups', 'constant']);
  });
});
