import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { add, concat, mul, relu } from '../../graph/builder/operations.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { executionOrder } from './execution-order.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'execution-order-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nodes over values chosen at random from those before, some of them outputs. */
function randomGraph(random: RandomSource): Graph {
  const graph = new Graph();
  const values = [graph.input('a', 'float32', [4]), graph.input('b', 'float32', [4])];
  const any = () => values[random.integer(values.length)];
  for (let i = 0; i < 25; i++) {
    const kinds: (() => Value)[] = [() => relu(any()), () => add(any(), any()), () => mul(any(), any())];
    kinds.push(() => {
      const joined = concat([any(), any(), any()], 0);
      return graph.apply('Slice', [joined, ...sliceOfFour(graph)], {})[0];
    });
    values.push(kinds[random.integer(kinds.length)]());
  }
  for (const [i, value] of values.slice(2, -1).entries()) if (random.uniform() < 0.3) graph.output(`y${i}`, value);
  graph.output('last', values.at(-1)!);
  return graph;
}

const sliceOfFour = (graph: Graph) =>
  [2n, 6n, 0n].map((at) => graph.constant({ type: 'int64', shape: [1], data: BigInt64Array.of(at) }));

/** The names of the nodes as onnxruntime's profile says it ran them. */
async function profiledOrder(bytes: Uint8Array, run: number): Promise<string[]> {
  const session = await ort.InferenceSession.create(bytes, {
    graphOptimizationLevel: 'disabled',
    enableProfiling: true,
    profileFilePrefix: path.join(folder, `run-${run}-`),
  });
  const value = new ort.Tensor('float32', new Float32Array(4), [4]);
  await session.run(Object.fromEntries(session.inputNames.map((name) => [name, value])));
  session.endProfiling();
  const file = readdirSync(folder).find((name) => name.startsWith(`run-${run}-`))!;
  const events = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { cat: string; name: string }[];
  const suffix = '_kernel_time';
  return events
    .filter(({ cat, name }) => cat === 'Node' && name.endsWith(suffix))
    .map(({ name }) => name.slice(0, -suffix.length));
}

describe('executionOrder', () => {
  it('is the order in which onnxruntime runs the nodes of a file', async () => {
    const random = RandomSource.fromSeed(7);
    let differs = 0;
    for (let run = 0; run < 12; run++) {
      const graph = randomGraph(random);
      const { nodes } = neededParts(graph);
      const lastNodeFirst = run % 2 === 1;
      const order = executionOrder(lastNodeFirst ? nodes.toReversed() : nodes).map((node) => node.name);
      expect(order).toEqual(await profiledOrder(exportModel(graph, { lastNodeFirst }), run));
      if (order.join() !== nodes.map((node) => node.name).join()) differs++;
    }
    expect(differs).toBeGreaterThan(6);
  });

  it('runs a file that lists the last node first as it was built, result by result', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [4]);
    const [one, two] = [relu(x), mul(x, x)];
    graph.output('first', add(one, 1));
    graph.output('second', add(two, one));
    const { nodes } = neededParts(graph);
    const ops = executionOrder(nodes.toReversed()).map(({ name }) => name);
    expect(ops).toEqual(['Relu', 'Add', 'Mul', nodes[3].name]);
  });
});
