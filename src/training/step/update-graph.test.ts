import { describe, expect, it } from 'vitest';
import { ReferenceEngine } from '../../../test/oracles/reference/reference-engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { copyTensor, float32, type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { filledWith } from '../../ranking/networks/initializers.ts';
import type { ParameterSpec } from '../../ranking/networks/network-scope.ts';
import { makeOptimizer } from '../configuration/make-optimizer.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { gradientOf } from './network-graphs.ts';
import { stateOf, successorOf, updateGraph, updateGraphs } from './update-graph.ts';

const specs: ParameterSpec[] = [
  { name: 'kernel', shape: [2, 3], initializer: filledWith(0), decays: true },
  { name: 'bias', shape: [2], initializer: filledWith(0), decays: false },
];
const random = RandomSource.fromSeed(1, 'update');
const draw = (shape: readonly number[]) =>
  float32(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  );
const weights = new Map(specs.map(({ name, shape }) => [name, toNumbers(draw(shape))]));
const gradients = Array.from(
  { length: 3 },
  () => new Map(specs.map(({ name, shape }) => [name, toNumbers(draw(shape))])),
);
const rates = [0.1, 0.05, 0.02];

type Numbers = Map<string, number[]>;
type Optimizer = Pick<TrainingConfig, 'optimizer' | 'weightDecay'>;

const normOf = (gradient: Numbers) => Math.hypot(...[...gradient.values()].flat());

/** Three steps on the reference engine. */
async function run(config: Optimizer, clipNorm: number | null) {
  const optimizer = makeOptimizer(config);
  const engine = new ReferenceEngine();
  const program = await engine.compile(updateGraph(specs, optimizer, { clipNorm }));
  const held: Record<string, Tensor> = {};
  for (const { name, shape } of specs) {
    held[name] = float32(shape, weights.get(name)!);
    for (const state of optimizer.stateNames) held[stateOf(state, name)] = tensor('float32', shape);
  }
  const norms: number[] = [];
  for (const [index, gradient] of gradients.entries()) {
    const feeds: Record<string, Tensor> = {
      ...held,
      learning_rate: float32([], [rates[index]]),
      step: float32([], [index + 1]),
    };
    for (const { name, shape } of specs) feeds[gradientOf(name)] = float32(shape, gradient.get(name)!);
    const results = await program.run(feeds);
    norms.push(toNumbers(results.gradient_norm)[0]);
    for (const name of Object.keys(held)) held[name] = results[successorOf(name)];
  }
  return { weights: new Map(specs.map(({ name }) => [name, toNumbers(held[name])])), norms };
}

describe('a learning rate of its own', () => {
  it('multiplies the rate of that parameter alone', async () => {
    const optimizer = makeOptimizer({ optimizer: { kind: 'sgd', momentum: 0, nesterov: false }, weightDecay: 0 });
    const [kernel, bias] = specs;
    const program = await new ReferenceEngine().compile(updateGraph([kernel, { ...bias, rate: 10 }], optimizer));
    const feeds: Record<string, Tensor> = { learning_rate: float32([], [0.5]), step: float32([], [1]) };
    for (const { name, shape } of specs) {
      feeds[name] = tensor('float32', shape);
      feeds[gradientOf(name)] = float32(shape, Array(shape.reduce((a, b) => a * b, 1)).fill(1));
      for (const state of optimizer.stateNames) feeds[stateOf(state, name)] = tensor('float32', shape);
    }
    const results = await program.run(feeds);
    expect(toNumbers(results[successorOf('kernel')])).toEqual(Array(6).fill(-0.5));
    expect(toNumbers(results[successorOf('bias')])).toEqual([-5, -5]);
  });
});

/** The same in a scalar loop. */
function expected({ optimizer, weightDecay }: Optimizer, clipNorm: number | null): Numbers {
  const result: Numbers = new Map();
  for (const { name, decays } of specs) {
    const own = [...weights.get(name)!];
    for (let place = 0; place < own.length; place++) {
      let [w, first, second] = [own[place], 0, 0];
      for (const [index, gradient] of gradients.entries()) {
        const factor = clipNorm === null ? 1 : Math.min(1, clipNorm / (normOf(gradient) + 1e-6));
        const g = factor * gradient.get(name)![place];
        const [rate, decay] = [rates[index], decays ? weightDecay : 0];
        if (optimizer.kind === 'sgd') {
          const slope = g + decay * w;
          first = optimizer.momentum * first + slope;
          w -= rate * (optimizer.nesterov ? slope + optimizer.momentum * first : first);
        } else {
          first = optimizer.beta1 * first + (1 - optimizer.beta1) * g;
          second = optimizer.beta2 * second + (1 - optimizer.beta2) * g * g;
          const corrected = first / (1 - optimizer.beta1 ** (index + 1));
          const deviation = Math.sqrt(second / (1 - optimizer.beta2 ** (index + 1))) + optimizer.epsilon;
          w = w * (1 - rate * decay) - (rate * corrected) / deviation;
        }
      }
      own[place] = w;
    }
    result.set(name, own);
  }
  return result;
}

const sgd: Optimizer = { optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true }, weightDecay: 0.1 };
const adamw: Optimizer = { optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }, weightDecay: 0.1 };
const plain: Optimizer = { optimizer: { kind: 'sgd', momentum: 0, nesterov: false }, weightDecay: 0 };

describe('updateGraphs', () => {
  it.each([
    ['SGD', sgd, null],
    ['clipped AdamW', adamw, 0.5],
  ] as const)('give, one after the other, the very numbers of the whole update: %s', async (_, config, clipNorm) => {
    const optimizer = makeOptimizer(config);
    const feeds: Record<string, Tensor> = { learning_rate: float32([], [0.1]), step: float32([], [1]) };
    for (const { name, shape } of specs) {
      feeds[name] = float32(shape, weights.get(name)!);
      feeds[gradientOf(name)] = float32(shape, gradients[0].get(name)!);
      for (const state of optimizer.stateNames) feeds[stateOf(state, name)] = tensor('float32', shape);
    }
    // The reference engine rounds where a graph ends, and there are more ends here: float32 throughout has to agree in every bit.
    await using engine = await OnnxruntimeEngine.create();
    const copied = () => Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, copyTensor(value)]));
    const whole = await (await engine.compile(updateGraph(specs, optimizer, { clipNorm }))).run(copied());
    const graphs = updateGraphs(specs, optimizer, { clipNorm }, 1);
    expect(graphs).toHaveLength(1 + specs.length);
    const parts: Record<string, Tensor> = {};
    for (const graph of graphs) {
      const taken = graph.inputs.map(({ name }) => [name, copyTensor(feeds[name] ?? parts[name])]);
      Object.assign(parts, await (await engine.compile(graph)).run(Object.fromEntries(taken)));
    }
    const { gradient_factor: factor, ...given } = parts;
    expect(factor === undefined).toBe(clipNorm === null);
    expect(Object.keys(given).sort()).toEqual(Object.keys(whole).sort());
    for (const [name, value] of Object.entries(whole)) expect(given[name].data, name).toEqual(value.data);
  });

  it('hold as many parameters together as their successors and states have room, in their order', () => {
    const optimizer = makeOptimizer(adamw);
    const sized = [2, 2, 6, 1, 1].map((length, at) => ({ ...specs[0], name: `${at}`, shape: [length] }));
    // Three copies of 4 bytes an element: 48 bytes are four elements.
    const names = updateGraphs(sized, optimizer, {}, 48).map(({ outputs }) =>
      [...outputs.keys()].filter((name) => /^next:\d$/.test(name)).join(),
    );
    expect(names).toEqual(['', 'next:0,next:1', 'next:2', 'next:3,next:4']);
    expect(updateGraphs(sized, optimizer, {}, 144)).toHaveLength(1);
    expect(updateGraphs(sized, optimizer, {}, 143).length).toBeGreaterThan(1);
  });
});

describe('updateGraph', () => {
  it.each([
    ['SGD with Nesterov momentum and decay', sgd, null],
    ['plain SGD', plain, null],
    ['AdamW', adamw, null],
    ['clipped SGD', sgd, 0.8],
    ['SGD with a limit out of reach', sgd, 1000],
    ['clipped AdamW', adamw, 0.5],
  ] as const)('takes the steps of the scalar formula, from states of zeros: %s', async (_, config, clipNorm) => {
    const updated = await run(config, clipNorm);
    for (const [name, values] of expected(config, clipNorm)) {
      for (const [place, value] of values.entries()) {
        expect(updated.weights.get(name)![place], `${name}[${place}]`).toBeCloseTo(value, 5);
      }
    }
  });

  it('reports the norm of all gradients together, before clipping', async () => {
    for (const clipNorm of [null, 0.5]) {
      const { norms } = await run(sgd, clipNorm);
      for (const [step, norm] of norms.entries()) expect(norm).toBeCloseTo(normOf(gradients[step]), 5);
    }
  });

  it('names what it takes and what it gives', () => {
    const { inputs, outputs } = updateGraph(specs, makeOptimizer(adamw), { clipNorm: 1 });
    expect(inputs.map(({ name }) => name).sort()).toEqual([
      'bias',
      'gradient:bias',
      'gradient:kernel',
      'kernel',
      'learning_rate',
      'mean:bias',
      'mean:kernel',
      'square:bias',
      'square:kernel',
      'step',
    ]);
    expect([...outputs.keys()].sort()).toEqual([
      'gradient_norm',
      'next:bias',
      'next:kernel',
      'next:mean:bias',
      'next:mean:kernel',
      'next:square:bias',
      'next:square:kernel',
    ]);
  });
});
