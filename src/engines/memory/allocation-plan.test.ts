import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { backward } from '../../graph/autodiff/backward.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import * as o from '../../graph/builder/operations.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { lowerGradients } from '../../graph/lowering/lower-gradients.ts';
import { float32, tensor } from '../../graph/tensor/tensor.ts';
import { planAllocations } from './allocation-plan.ts';
import { executionOrder } from './execution-order.ts';
import { scratchBytes } from './kernel-memory.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'allocation-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes that every node took for its results and while it ran, as onnxruntime itself counts them. */
async function countedBytes(graph: Graph): Promise<Map<string, { results: number; scratch: number }>> {
  const file = path.join(folder, 'statistics.csv');
  const session = await ort.InferenceSession.create(exportModel(graph, { lastNodeFirst: true }), {
    graphOptimizationLevel: 'disabled',
    enableMemPattern: false,
    intraOpNumThreads: 2,
    extra: { session: { collect_node_memory_stats_to_file: file } },
  });
  const feeds = graph.inputs.filter(({ name }) => session.inputNames.includes(name));
  const fed = feeds.map(({ name, shape }) => [name, new ort.Tensor('float32', newElements(shape), shape as number[])]);
  const fetched = [...graph.outputs].map(([name, { shape }]) => {
    return [name, new ort.Tensor('float32', newElements(shape), shape as number[])] as const;
  });
  await session.run(Object.fromEntries(fed), Object.fromEntries(fetched));
  await session.release();
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  return new Map(
    rows.map((row) => {
      const [name, , , results, scratch] = row.split(',');
      return [name.replace(/_\d{10,}$/, ''), { results: Number(results), scratch: Number(scratch) }];
    }),
  );
}

const newElements = (shape: Value['shape']) => new Float32Array(shape.reduce<number>((size, n) => size * Number(n), 1));

function weights(graph: Graph, ...shape: number[]): Value {
  return graph.input(`w${graph.inputs.length}`, 'float32', shape);
}

function differentiate(graph: Graph, result: Value): Graph {
  graph.output('loss', o.reduceSum(o.mul(result, result)));
  const [, ...learnt] = graph.inputs;
  for (const [i, gradient] of backward(graph.outputs.get('loss')!, learnt).entries()) graph.output(`g${i}`, gradient);
  return graph;
}

function convolutions(): Graph {
  const graph = new Graph();
  let x = graph.input('x', 'float32', [6, 3, 24, 24]);
  const window = { kernelShape: [3, 3], pads: [1, 1, 1, 1] };
  for (const filters of [16, 32, 96]) {
    x = o.relu(o.conv(x, weights(graph, filters, Number(x.shape[1]), 3, 3), weights(graph, filters), window));
    x = graph.apply('MaxPool', [x], { kernelShape: [2, 2], strides: [2, 2] }, { outputs: 2 })[0];
  }
  return differentiate(graph, o.l2Normalize(o.gemm(o.flatten(x), weights(graph, 864, 40))));
}

function normalized(): Graph {
  const graph = new Graph();
  let x = graph.input('x', 'float32', [8, 4, 16, 16]);
  const still = () => graph.constant(tensor('float32', [32]));
  x = o.conv(x, weights(graph, 32, 4, 3, 3), undefined, { kernelShape: [3, 3], strides: [2, 2] });
  const inputs = [x, weights(graph, 32), weights(graph, 32), still(), still()];
  x = o.sigmoid(graph.apply('BatchNormalization', inputs, { trainingMode: 1 }, { outputs: 3 })[0]);
  x = o.where(o.greater(x, 0.5), x, o.mul(x, 0.1));
  x = graph.apply('LRN', [o.clip(x, 0.1, 0.9)], { size: 3 })[0];
  x = o.convTranspose(x, weights(graph, 32, 8, 3, 3), { kernelShape: [3, 3], strides: [2, 2] });
  return differentiate(graph, o.softmax(o.reshape(x, [8, -1])));
}

/** One chain through every operator with one input and one output that keeps a shape. */
function chain(): Graph {
  const graph = new Graph();
  let x = o.add(graph.input('x', 'float32', [32, 64]), 1);
  const kept = ['Abs', 'Ceil', 'Elu', 'Erf', 'Exp', 'Floor', 'HardSigmoid', 'Identity', 'LeakyRelu', 'Log'] as const;
  const more = ['Neg', 'Reciprocal', 'Relu', 'Sigmoid', 'Sign', 'Softplus', 'Sqrt', 'Tanh', 'Softmax'] as const;
  const rest = ['LogSoftmax', 'LpNormalization'] as const;
  for (const op of [...kept, ...more, ...rest]) x = graph.apply(op, [x], {})[0];
  x = o.cast(o.cast(o.add(x, x), 'int32'), 'float32');
  x = o.transpose(o.squeeze(o.unsqueeze(x, [0]), [0]), [1, 0]);
  x = o.concat([o.slice(x, [{ axis: 0, start: 3, end: 60 }]), o.pad(x, [0, 0, 1, 0], 2)], 0);
  x = o.expand(o.reduceMax(o.max(o.min(x, 3), o.gather(x, o.int64(x, [...Array(122).keys()]))), [1], true), [122, 5]);
  const places = graph.constant({ type: 'int64', shape: [1, 1], data: BigInt64Array.of(3n) });
  const updates = graph.constant(float32([1, 1], [7]));
  x = graph.apply('ScatterElements', [o.mul(x, x), places, updates], {})[0];
  graph.output('y', o.reduceSum(o.div(o.sub(x, 1), o.pow(x, 2))));
  return graph;
}

describe('planAllocations and scratchBytes', () => {
  it.each([
    ['convolutions, pools and a linear layer with their gradients', convolutions],
    ['batch and local normalisation, Where and a transposed convolution with their gradients', normalized],
    ['a chain through most operators', chain],
  ])('are what onnxruntime counts, node by node: %s', async (_, build) => {
    const graph = lowerGradients(build());
    const order = executionOrder(neededParts(graph).nodes.toReversed());
    const buffers = planAllocations(order, new Set(graph.outputs.values()));
    const counted = await countedBytes(graph);
    let large = 0;
    for (const [place, node] of order.entries()) {
      const found = counted.get(node.name);
      expect(found, node.name).toBeDefined();
      const results = buffers.filter((buffer) => buffer.first === place).reduce((sum, { bytes }) => sum + bytes, 0);
      // onnxruntime counts in pieces of 64 or 256 bytes, and small buffers of several outputs in one.
      expect(Math.abs(results - found!.results), `${node.name}: ${results}, counted ${found!.results}`).toBeLessThan(
        1100,
      );
      const scratch = Math.abs(scratchBytes(node) - found!.scratch);
      expect(scratch, `${node.name}: ${scratchBytes(node)}, counted ${found!.scratch}`).toBeLessThan(2000);
      if (found!.results > 2000) large++;
    }
    expect(large).toBeGreaterThan(10);
  });

  it('names the value whose shape is not known', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 2]);
    graph.output('y', o.mul(o.mul(x, x), 2));
    expect(() => planAllocations(graph.nodes, new Set(graph.outputs.values()))).toThrow(
      "the memory of 'Mul.out' needs a shape known in advance, but it is [N, 2]",
    );
  });
});
