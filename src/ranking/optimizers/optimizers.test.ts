import { describe, expect, it } from 'vitest';
import { runGraph } from '../../../test/support/run-graph.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { mul } from '../../graph/builder/operations.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { adamW } from './adamw.ts';
import { clipFactor, globalNorm } from './clip-by-global-norm.ts';
import { learningRateFactor } from './learning-rate-schedule.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

const size = 4;
const steps = 5;

/** Runs an optimiser's graph for some steps with given gradients and returns the weights after each. */
async function run(optimizer: Optimizer, decays: boolean, gradients: readonly number[][], rates: readonly number[]) {
  const graph = new Graph();
  const input = (name: string, shape: number[]) => graph.input(name, 'float64', shape);
  const weight = input('weight', [size]);
  const gradient = input('gradient', [size]);
  const scalars = { learningRate: input('rate', []), step: input('step', []) };
  const state = optimizer.stateNames.map((name) => input(name, [size]));
  const next = optimizer.update({ weight, gradient, state, decays }, scalars);
  graph.output('next', next.weight);
  for (const [index, name] of optimizer.stateNames.entries()) graph.output(`next ${name}`, next.state[index]);
  const vector = (values: readonly number[]): Tensor => tensor('float64', [values.length], Float64Array.from(values));
  const number = (value: number): Tensor => tensor('float64', [], Float64Array.of(value));
  let weights = [0.5, -1, 2, 0];
  const states = new Map(optimizer.stateNames.map((name) => [name, new Array<number>(size).fill(0)]));
  const history: number[][] = [];
  for (let step = 1; step <= steps; step++) {
    const feeds: Record<string, Tensor> = { weight: vector(weights), gradient: vector(gradients[step - 1]) };
    for (const [name, values] of states) feeds[name] = vector(values);
    // An optimiser that has no use for a scalar prunes it.
    const results = await runGraph(graph, { ...feeds, rate: number(rates[step - 1]), step: number(step) });
    weights = toNumbers(results.next);
    for (const name of states.keys()) states.set(name, toNumbers(results[`next ${name}`]));
    history.push(weights);
  }
  return history;
}

const random = RandomSource.fromSeed(5, 'gradients');
const gradients = Array.from({ length: steps }, () => Array.from({ length: size }, () => random.normal()));
const rates = [0.1, 0.2, 0.3, 0.2, 0.1];

function expectClose(actual: readonly number[][], expected: readonly number[][]) {
  for (const [step, values] of expected.entries()) {
    for (const [place, value] of values.entries()) expect(actual[step][place]).toBeCloseTo(value, 12);
  }
}

describe('sgd', () => {
  it.each([
    { nesterov: false, momentum: 0.9, decays: false },
    { nesterov: false, momentum: 0.9, decays: true },
    { nesterov: true, momentum: 0.9, decays: true },
    { nesterov: false, momentum: 0, decays: true },
  ])('follows the scalar formula: %o', async ({ nesterov, momentum, decays }) => {
    const decay = 0.05;
    const expected: number[][] = [];
    const w = [0.5, -1, 2, 0];
    const v = [0, 0, 0, 0];
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < size; i++) {
        const g = gradients[step][i] + (decays ? decay * w[i] : 0);
        v[i] = momentum * v[i] + g;
        w[i] -= rates[step] * (nesterov ? g + momentum * v[i] : v[i]);
      }
      expected.push([...w]);
    }
    expectClose(await run(sgd({ momentum, nesterov, weightDecay: decay }), decays, gradients, rates), expected);
  });
});

describe('adamw', () => {
  it.each([true, false])('follows the scalar formula, decay on this parameter: %s', async (decays) => {
    const [beta1, beta2, epsilon, decay] = [0.9, 0.99, 1e-8, 0.1];
    const expected: number[][] = [];
    const w = [0.5, -1, 2, 0];
    const m = [0, 0, 0, 0];
    const s = [0, 0, 0, 0];
    for (let step = 1; step <= steps; step++) {
      const rate = rates[step - 1];
      for (let i = 0; i < size; i++) {
        const g = gradients[step - 1][i];
        m[i] = beta1 * m[i] + (1 - beta1) * g;
        s[i] = beta2 * s[i] + (1 - beta2) * g * g;
        if (decays) w[i] -= rate * decay * w[i];
        w[i] -= (rate * (m[i] / (1 - beta1 ** step))) / (Math.sqrt(s[i] / (1 - beta2 ** step)) + epsilon);
      }
      expected.push([...w]);
    }
    expectClose(await run(adamW({ beta1, beta2, epsilon, weightDecay: decay }), decays, gradients, rates), expected);
  });
});

describe('clipping by the global norm', () => {
  it.each([0.5, 100])('scales all gradients by one factor, limit %s', async (limit) => {
    const graph = new Graph();
    const a = graph.input('a', 'float64', [2]);
    const b = graph.input('b', 'float64', [1]);
    const norm = globalNorm([a, b]);
    const [clippedA, clippedB] = [a, b].map((gradient) => mul(gradient, clipFactor(norm, limit)));
    graph.output('norm', norm);
    graph.output('a clipped', clippedA);
    graph.output('b clipped', clippedB);
    const results = await runGraph(graph, {
      a: tensor('float64', [2], Float64Array.of(2, -3)),
      b: tensor('float64', [1], Float64Array.of(6)),
    });
    expect(toNumbers(results.norm)[0]).toBeCloseTo(7, 12);
    const factor = Math.min(1, limit / (7 + 1e-6));
    expect(toNumbers(results['a clipped'])).toEqual([2 * factor, -3 * factor].map((v) => expect.closeTo(v, 12)));
    expect(toNumbers(results['b clipped'])).toEqual([expect.closeTo(6 * factor, 12)]);
  });
});

describe('learning rate schedule', () => {
  const schedule = (kind: 'constant' | 'step' | 'cosine') => ({ kind, warmup: 0.1, every: 0.25, factor: 0.5 });
  const at = (kind: 'constant' | 'step' | 'cosine', step: number) => learningRateFactor(schedule(kind), step, 100);

  it('warms up linearly whatever follows', () => {
    for (const kind of ['constant', 'step', 'cosine'] as const) {
      expect([at(kind, 1), at(kind, 5), at(kind, 10)]).toEqual([0.1, 0.5, 1]);
    }
  });

  it('then stays, falls by steps, or falls as half a cosine', () => {
    expect([at('constant', 11), at('constant', 100)]).toEqual([1, 1]);
    expect([at('step', 25), at('step', 26), at('step', 51), at('step', 100)]).toEqual([1, 0.5, 0.25, 0.125]);
    expect(at('cosine', 55)).toBeCloseTo(0.5, 12);
    expect(at('cosine', 100)).toBeCloseTo(0, 12);
    expect(at('cosine', 32)).toBeCloseTo(0.5 * (1 + Math.cos((Math.PI * 22) / 90)), 12);
  });

  it('needs no warm-up', () => {
    expect(learningRateFactor({ ...schedule('cosine'), warmup: 0 }, 1, 100)).toBeCloseTo(1, 3);
  });

  it('rises over a share of the steps, at least over so many steps, at most over half of them', () => {
    const peakAt = (warmup: number, warmupSteps: number | undefined, steps: number) => {
      const atLeast = warmupSteps === undefined ? {} : { warmupSteps };
      const schedule = { kind: 'cosine', warmup, ...atLeast, every: 1, factor: 1 } as const;
      const factors = Array.from({ length: steps }, (_, step) => learningRateFactor(schedule, step + 1, steps));
      return 1 + factors.indexOf(Math.max(...factors));
    };
    expect(peakAt(0.05, undefined, 100)).toBe(5);
    expect(peakAt(0.05, 25, 100)).toBe(25);
    expect(peakAt(0.05, 25, 30)).toBe(15);
    expect(peakAt(0.05, 25, 1)).toBe(1);
    // The share is the larger of the two, as in a long run, or was asked for.
    expect(peakAt(0.05, 25, 1000)).toBe(50);
    expect(peakAt(0.8, 25, 30)).toBe(24);
    const rising = { kind: 'constant', warmup: 0, warmupSteps: 4, every: 1, factor: 1 } as const;
    const factors = [1, 2, 3, 4, 5, 20].map((step) => learningRateFactor(rising, step, 20));
    expect(factors).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  });
});
