import { afterAll, describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { add, conv, matMul, mul, reduceMean, relu, reshape, softmax } from '../../graph/builder/operations.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';
import { float32, type Tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { adamW } from '../../ranking/optimizers/adamw.ts';
import type { Optimizer } from '../../ranking/optimizers/optimizer.ts';
import { sgd } from '../../ranking/optimizers/sgd.ts';
import { engineContract } from '../engine.contract.ts';
import type { HeldTensor } from '../engine.ts';
import { OnnxruntimeEngine } from './onnxruntime-engine.ts';

engineContract('OnnxruntimeEngine', () => OnnxruntimeEngine.create());

const engine = await OnnxruntimeEngine.create();
afterAll(() => engine.close());

const random = RandomSource.fromSeed(1);
const normal = (shape: StaticShape): Tensor =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.normal()),
  );
const bits = (value: Tensor) => Buffer.from(value.data.buffer, value.data.byteOffset, value.data.byteLength);

/** One step of an optimiser on two parameters: in `name`, `gradient.name`, `state.name`; out `next.name`, ... */
function updateGraph(optimizer: Optimizer, shapes: Record<string, StaticShape>): Graph {
  const graph = new Graph();
  const scalars = { learningRate: graph.input('rate', 'float32', []), step: graph.input('step', 'float32', []) };
  for (const [name, shape] of Object.entries(shapes)) {
    const state = optimizer.stateNames.map((kind) => graph.input(`${kind}.${name}`, 'float32', shape));
    const weight = graph.input(`weight.${name}`, 'float32', shape);
    const gradient = graph.input(`gradient.${name}`, 'float32', shape);
    const next = optimizer.update({ weight, gradient, state, decays: true }, scalars);
    graph.output(`next.weight.${name}`, next.weight);
    for (const [index, kind] of optimizer.stateNames.entries()) graph.output(`next.${kind}.${name}`, next.state[index]);
  }
  return graph;
}

describe('an update written over the weights it reads', () => {
  const momentum = { momentum: 0.9, weightDecay: 0.01 };
  it.each<[string, Optimizer]>([
    ['SGD with momentum', sgd({ ...momentum, nesterov: false })],
    ['SGD with Nesterov momentum', sgd({ ...momentum, nesterov: true })],
    ['AdamW', adamW({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 })],
  ])('gives the bits of an update into separate buffers, over 50 steps: %s', async (_, optimizer) => {
    // The second is large enough for onnxruntime to split it between threads.
    const shapes = { small: [7], large: [64, 32, 3, 3] };
    const graph = updateGraph(optimizer, shapes);
    const program = await engine.compile(graph);
    const inPlace = await Promise.all([false, true].map((asBuilt) => engine.compile(graph, { asBuilt })));
    const names = ['weight', ...optimizer.stateNames].flatMap((kind) =>
      Object.keys(shapes).map((name) => `${kind}.${name}`),
    );
    const separate: Record<string, Tensor> = {};
    const held: Record<string, HeldTensor>[] = [{}, {}];
    for (const name of names) {
      const shape = shapes[name.split('.')[1] as keyof typeof shapes];
      separate[name] = name.startsWith('weight')
        ? normal(shape)
        : (float32(shape, new Float32Array(sizeOf(shape))) as Tensor);
      for (const tensors of held) tensors[name] = await engine.hold(separate[name]);
    }
    for (let step = 1; step <= 50; step++) {
      const fed = {
        rate: float32([], [0.1 / step]),
        step: float32([], [step]),
        ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`gradient.${name}`, normal(shape)])),
      };
      const results = await program.run({ ...fed, ...separate });
      for (const name of names) separate[name] = results[`next.${name}`];
      for (const [i, tensors] of held.entries()) {
        const into = Object.fromEntries(names.map((name) => [`next.${name}`, tensors[name]]));
        expect(await inPlace[i].run({ ...fed, ...tensors }, { into })).toEqual({});
        for (const name of names)
          expect(bits(await tensors[name].read()).equals(bits(separate[name])), name).toBe(true);
      }
    }
    for (const compiled of [program, ...inPlace]) await compiled.release();
  });
});

describe('OnnxruntimeEngine', () => {
  it('writes outputs into held tensors and returns the others', async () => {
    const graph = new Graph();
    const [a, b] = [graph.input('a', 'float32', [2]), graph.input('b', 'float32', [2])];
    graph.output('sum', add(a, b));
    graph.output('product', mul(a, b));
    graph.output('shifted', add(a, 10));
    const program = await engine.compile(graph);
    const [sum, product] = [await engine.hold(float32([2], [0, 0])), await engine.hold(float32([2], [0, 0]))];
    const feeds = { a: float32([2], [1, 2]), b: float32([2], [3, 5]) };
    expect(await program.run(feeds, { into: { sum, product } })).toEqual({ shifted: float32([2], [11, 12]) });
    expect(await sum.read()).toEqual(float32([2], [4, 7]));
    expect(await product.read()).toEqual(float32([2], [3, 10]));
    expect(await program.run({ a: sum, b: product }, { into: { sum }, fetch: ['product'] })).toEqual({
      product: float32([2], [12, 70]),
    });
    expect(await sum.read()).toEqual(float32([2], [7, 17]));
    await program.release();
  });

  it('gives the same bits in 20 runs', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [6, 8, 20, 20]);
    const w = graph.input('w', 'float32', [16, 8, 3, 3]);
    const v = graph.input('v', 'float32', [16 * 400, 40]);
    const y = relu(conv(x, w, undefined, { pads: [1, 1, 1, 1] }));
    graph.output('channels', reduceMean(y, [0, 2, 3]));
    graph.output('rows', softmax(matMul(reshape(y, [6, 16 * 400]), v)));
    const program = await engine.compile(graph);
    const feeds = { x: normal([6, 8, 20, 20]), w: normal([16, 8, 3, 3]), v: normal([16 * 400, 40]) };
    const first = await program.run(feeds);
    for (let run = 0; run < 20; run++) {
      const again = await program.run(feeds);
      for (const name of program.outputs) expect(bits(again[name]).equals(bits(first[name])), name).toBe(true);
    }
    await program.release();
  });

  it('computes the same as built as rewritten', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 4, 9, 9]);
    const w = graph.input('w', 'float32', [8, 4, 3, 3]);
    const y = relu(conv(x, w, undefined));
    graph.output('y', y);
    graph.output('mean', reduceMean(mul(y, y), [0, 2, 3]));
    const feeds = { x: normal([2, 4, 9, 9]), w: normal([8, 4, 3, 3]) };
    const [rewritten, asBuilt] = await Promise.all(
      [false, true].map(async (built) => (await engine.compile(graph, { asBuilt: built })).run(feeds)),
    );
    for (const name of ['y', 'mean']) {
      for (const [i, value] of toNumbers(rewritten[name]).entries())
        expect(asBuilt[name].data[i]).toBeCloseTo(value, 4);
    }
  });

  it('does not keep the copies that it makes of what it writes in place', async () => {
    const graph = new Graph();
    const size = 4_000_000;
    const x = graph.input('x', 'float32', [size]);
    graph.output('y', add(x, 1));
    const program = await engine.compile(graph, { asBuilt: true });
    const held = await engine.hold(float32([size], new Float32Array(size)));
    await program.run({ x: held }, { into: { y: held } });
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 20; i++) await program.run({ x: held }, { into: { y: held } });
    // Twenty copies of 16 MB would be 320 MB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
    expect((await held.read()).data[7]).toBe(21);
    await program.release();
  });

  it('holds a copy, also of what shares a buffer', async () => {
    const pixels = Buffer.from([1, 2, 3]);
    const held = await engine.hold({ type: 'uint8', shape: [3], data: pixels });
    pixels.fill(9);
    expect([...(await held.read()).data]).toEqual([1, 2, 3]);
  });

  it('names the program and the operator that onnxruntime lacks', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1]);
    const [y] = graph.applyOpaque({ op: 'Whiten', domain: 'com.microsoft', inputs: [x], attributes: [] }, [
      { type: 'float32', shape: [1] },
    ]);
    graph.output('y', y);
    await expect(engine.compile(graph, { name: 'step' })).rejects.toThrow(
      /^onnxruntime refuses the graph of 'step': .*Whiten/,
    );
  });
});
