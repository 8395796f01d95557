import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { caseGraph, type GradientCase } from '../../../test/support/gradient-case.ts';
import { everything, needingOneDnn, oneDnnEngine, withoutOneDnn } from '../../../test/support/onednn-here.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { backward } from '../../graph/autodiff/backward.ts';
import { gradientCases } from '../../graph/autodiff/gradient.cases.ts';
import { Graph } from '../../graph/builder/graph.ts';
import {
  add,
  clip,
  conv,
  flatten,
  gemm,
  matMul,
  maxPool,
  mul,
  reduceSum,
  relu,
  sub,
} from '../../graph/builder/operations.ts';
import { type OperatorName, operatorNames } from '../../graph/operators/operator.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';
import { float32, type Tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { engineContract } from '../engine.contract.ts';
import type { OneDnnEngine } from './onednn-engine.ts';
import { OneDnnProgram } from './onednn-program.ts';

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('OneDnnEngine'), () => {
  engineContract('with everything in oneDNN', () => oneDnnEngine({}, everything), { tolerance: 1e-5 });
  engineContract('as it is used', () => oneDnnEngine(), { tolerance: 1e-5 });

  let engine: OneDnnEngine;
  beforeAll(async () => {
    engine = await oneDnnEngine({}, everything);
  });
  afterAll(() => engine.close());

  const random = RandomSource.fromSeed(1);
  const normal = (shape: StaticShape): Tensor =>
    float32(
      shape,
      Array.from({ length: sizeOf(shape) }, () => random.normal()),
    );

  /** Largest difference, relative to the largest element that is expected. */
  const worst = (actual: Tensor, expected: Tensor): number => {
    const [found, wanted] = [toNumbers(actual), toNumbers(expected)];
    expect(found).toHaveLength(wanted.length);
    const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
    return wanted.reduce((most, x, place) => Math.max(most, Math.abs(x - found[place]) / largest), 0);
  };

  const expectReference = async (graph: Graph, feeds: Record<string, Tensor>, tolerance = 1e-5) => {
    const program = await engine.compile(graph);
    const actual = await program.run(feeds);
    for (const [name, expected] of Object.entries(interpret(graph, feeds))) {
      // The case's loss is a sum of terms of either sign, relative to which there may be little left of it.
      expect(worst(actual[name], expected), name).toBeLessThanOrEqual(name === 'loss' ? 10 * tolerance : tolerance);
    }
    await program.release();
    return program;
  };

  it.each(operatorNames)(
    'gives the result and the gradients of the float64 reference: %s',
    async (op: OperatorName) => {
      const cases: readonly GradientCase<OperatorName>[] = Array.isArray(gradientCases[op]) ? gradientCases[op] : [];
      for (const one of cases) {
        if (one.engineRefuses !== undefined) continue;
        const { graph, feeds } = caseGraph(op, one as never, 'float32');
        await expectReference(graph, feeds as Record<string, Tensor>);
      }
    },
  );

  it('computes a block of a network, larger than one block of channels, in one stretch', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [4, 24, 13, 11]);
    const w = graph.input('w', 'float32', [40, 24, 3, 3]);
    const attributes = { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1] };
    const y = conv(x, w, graph.input('b', 'float32', [40]), attributes);
    const pooled = maxPool(relu(y), { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceilMode: 1 });
    const dense = graph.input('dense', 'float32', [10, 40 * 7 * 6]);
    graph.output('features', relu(gemm(flatten(pooled), dense, graph.input('bias', 'float32', [10]), { transB: 1 })));
    const feeds = { x: normal([4, 24, 13, 11]), w: normal([40, 24, 3, 3]), b: normal([40]) };
    const more = { dense: normal([10, 40 * 7 * 6]), bias: normal([10]) };
    const program = await expectReference(graph, { ...feeds, ...more });
    expect(program).toBeInstanceOf(OneDnnProgram);
    const names = (program as OneDnnProgram).implementations.join('\n');
    expect(names).toMatch(/^Conv (?!ref)/m);
    // ReLUs are done by what stands before them.
    expect(names).not.toMatch(/^Relu/m);
  });

  it('does a ReLU with an upper bound in the convolution before it', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 16, 9, 9]);
    const attributes = { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], dilations: [1, 1], group: 16 };
    const y = clip(conv(x, graph.input('w', 'float32', [16, 1, 3, 3]), undefined, attributes), 0, 2);
    graph.output('y', y);
    graph.output('bounded', clip(x, -0.5, 0.25));
    const program = await expectReference(graph, { x: normal([2, 16, 9, 9]), w: normal([16, 1, 3, 3]) });
    expect((program as OneDnnProgram).implementations.filter((name) => /^Clip(_\d+)? /.test(name))).toHaveLength(1);
  });

  it('passes the gradient of a Clip between its bounds and at both of them, as the reference does', async () => {
    const graph = new Graph();
    const [x, dY] = [graph.input('x', 'float32', [2, 32]), graph.input('dY', 'float32', [2, 32])];
    const bounded: readonly (readonly [number, number])[] = [
      [0, 6],
      [-1.5, 0.25],
      [0.25, 2],
    ];
    for (const [low, high] of bounded) {
      const y = clip(add(x, x), low, high);
      graph.output(`y${low}`, y);
      graph.output(`dx${low}`, backward(reduceSum(mul(y, dY)), [x])[0]);
    }
    // Twice as much is the bounds themselves, numbers just beside them, and others.
    const near = [0, 6, -1.5, 0.25, 2].flatMap((bound) => [bound, bound + 1e-3, bound - 1e-3, -bound]);
    const values = Array.from({ length: 64 }, (_, place) => (near[place] ?? 9 * Math.sin(place)) / 2);
    const program = await expectReference(graph, { x: float32([2, 32], values), dY: normal([2, 32]) });
    expect((program as OneDnnProgram).implementations.filter((name) => /^ClipGradient/.test(name))).toHaveLength(3);
  });

  it('multiplies every row of a stack by one matrix, forward and back, as dense layers of transformers do', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3, 5, 24]);
    const w = graph.input('w', 'float32', [24, 20]);
    const y = relu(matMul(x, w));
    graph.output('y', y);
    for (const [place, gradient] of backward(reduceSum(mul(y, y)), [x, w]).entries())
      graph.output(`d${place}`, gradient);
    const program = await expectReference(graph, { x: normal([2, 3, 5, 24]), w: normal([24, 20]) });
    expect((program as OneDnnProgram).implementations.filter((name) => /MatMul/.test(name)).length).toBeGreaterThan(1);
    expect((program as OneDnnProgram).placement).toEqual({ share: 1, elsewhere: [] });
  });

  it('gives weight gradients of grouped convolutions the shape of the weights, in held tensors, too', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 16, 9, 9]);
    const w = graph.input('w', 'float32', [16, 1, 3, 3]);
    const window = { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 16 };
    const y = conv(x, w, undefined, window);
    graph.output('dw', backward(reduceSum(mul(y, y)), [w])[0]);
    const feeds = { x: normal([2, 16, 9, 9]), w: normal([16, 1, 3, 3]) };
    const expected = interpret(graph, feeds)['dw'];
    const program = await engine.compile(graph, { asBuilt: true });
    const held = await engine.hold(float32([16, 1, 3, 3], new Float32Array(144)));
    await program.run(feeds, { fetch: [], into: { dw: held } });
    const found = (await program.run(feeds))['dw'];
    for (const gradient of [found, await held.read()]) {
      expect(gradient.shape).toEqual([16, 1, 3, 3]);
      expect(worst(gradient, expected)).toBeLessThan(1e-5);
    }
    await program.release();
  });

  it('keeps what is fed as it was, though results are written over what they are made of', async () => {
    const graph = new Graph();
    const [a, b] = [graph.input('a', 'float32', [3, 64]), graph.input('b', 'float32', [3, 64])];
    const sum = add(a, b);
    graph.output('y', relu(sub(mul(sum, sum), a)));
    const program = await engine.compile(graph);
    const [heldA, heldB] = [await engine.hold(normal([3, 64])), await engine.hold(normal([3, 64]))];
    const before = [await heldA.read(), await heldB.read()];
    const first = await program.run({ a: heldA, b: heldB });
    expect(await program.run({ a: heldA, b: heldB })).toEqual(first);
    expect([await heldA.read(), await heldB.read()]).toEqual(before);
    expect(worst(first['y'], interpret(graph, { a: before[0], b: before[1] })['y'])).toBeLessThan(1e-6);
    await program.release();
  });
});
