import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OnnxruntimeEngine } from '../src/engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../src/foundation/random/random-source.ts';
import { type Tensor, toNumbers } from '../src/graph/tensor/tensor.ts';
import type { LossConfig } from '../src/ranking/losses/loss-table.ts';
import type { NetworkConfig } from '../src/ranking/networks/network-config.ts';
import { makeLoss } from '../src/training/configuration/make-loss.ts';
import type { TrainingConfig } from '../src/training/configuration/training-config.ts';
import { evaluationGraph, gradientOf, stepGraph } from '../src/training/step/network-graphs.ts';
import { Trainer } from '../src/training/step/trainer.ts';
import { stateOf } from '../src/training/step/update-graph.ts';
import { hashedMask, hashedParameter, hashedPictures, hashedUniform } from './support/hashed-numbers.ts';
import { relativeDifference } from './support/relative-difference.ts';
import { smallNetwork, smallRun } from './support/small-run.ts';

// Networks, losses, gradients and optimisers against PyTorch in float64 (see `golden/network.py`): onnxruntime computes in
// float32, and every stored tensor has to agree within 1e-4 of its largest element.

const tolerance = 1e-4;
const numbers = z.array(z.number());
const summaries = z.record(z.string(), z.object({ norm: z.number(), elements: numbers }));
const caseSchema = z.object({
  rows: z.number(),
  embedding: numbers,
  parameters: z.number(),
  losses: z.record(z.string(), z.object({ loss: z.number(), gradients: summaries })),
  optimizers: z.record(
    z.string(),
    z.object({
      losses: numbers,
      statistics: z.record(z.string(), z.object({ mean: numbers, variance: numbers, count: z.number() })),
      moved: summaries,
    }),
  ),
});
const golden = z
  .object({ labels: numbers, cases: z.record(z.string(), caseSchema) })
  .parse(JSON.parse(await readFile(new URL('golden/network.json', import.meta.url), 'utf8')));

const networks: Readonly<Record<string, NetworkConfig>> = {
  'small at 64': smallNetwork(64),
  'small at 28': smallNetwork(28),
  'small without paths and norms': smallNetwork(28, {
    paths: 'none',
    batchNormalization: false,
    embeddingDimension: 32,
  }),
  'article at 48': smallNetwork(48, {
    backbone: 'vgg16',
    paths: 'strided',
    batchNormalization: false,
    dropout: 0.6,
    embeddingDimension: 64,
  }),
};

const losses: Readonly<Record<string, LossConfig>> = {
  supcon: { kind: 'supcon', temperature: 0.1 },
  hinge: { kind: 'hinge', gap: 1, distance: 'squared-euclidean' },
  'article-hinge': { kind: 'hinge', gap: 1, distance: 'euclidean' },
  'semi-hard': { kind: 'semi-hard', gap: 0.2, distance: 'squared-euclidean' },
};

const optimizers: Readonly<Record<string, Pick<TrainingConfig, 'optimizer' | 'learningRate' | 'weightDecay'>>> = {
  sgd: { optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true }, learningRate: 0.05, weightDecay: 0.05 },
  adamw: {
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-3 },
    learningRate: 0.003,
    weightDecay: 0.05,
  },
};

/** The elements of a tensor that the file has: all, or some at random places. */
function stored(whole: Float32Array, name: string, count: number): Float32Array {
  if (count === whole.length) return whole;
  return Float32Array.from(
    hashedUniform(`places of ${name}`, count),
    (share) => whole[Math.floor(share * whole.length)],
  );
}

function expectSummary(actual: Float32Array, expected: z.infer<typeof summaries>[string], name: string): void {
  const norm = Math.sqrt(actual.reduce((sum, value) => sum + value * value, 0));
  expect(norm / expected.norm, `norm of ${name}`).toBeCloseTo(1, 4);
  const difference = relativeDifference(stored(actual, name, expected.elements.length), expected.elements);
  expect(difference, name).toBeLessThan(tolerance);
}

let engine: OnnxruntimeEngine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create();
});
afterAll(() => engine.close());

describe.each(Object.keys(networks))('%s', (name) => {
  const network = networks[name];
  const { rows, ...expected } = golden.cases[name];
  const labels = golden.labels.slice(0, rows);
  const image = () => hashedPictures(rows, network.width);

  /** Every weight and, as it is before the first step, every statistic. */
  function networkFeeds(config: TrainingConfig): Record<string, Tensor> {
    const { scope } = stepGraph(config, makeLoss(config.loss, config.batch), rows);
    const feeds: Record<string, Tensor> = {};
    for (const { spec } of scope.parameters.values()) feeds[spec.name] = hashedParameter(spec.name, spec.shape);
    for (const { spec } of scope.statistics.values()) {
      const { data, ...rest } = hashedParameter(spec.name, spec.shape);
      feeds[spec.name] = { ...rest, data: data.fill(spec.initial) };
    }
    for (const { name: mask, shape, keep } of scope.masks) feeds[mask] = hashedMask(mask, shape, keep);
    return feeds;
  }

  const anyLoss = smallRun(network, losses[Object.keys(expected.losses)[0]], rows);

  it('has the same number of parameters and gives the same embeddings outside training', async () => {
    const graph = evaluationGraph(anyLoss, rows);
    const all = networkFeeds(anyLoss);
    const feeds = Object.fromEntries(
      graph.inputs.filter((input) => input.name !== 'image').map((input) => [input.name, all[input.name]]),
    );
    const learnt = graph.inputs.filter((input) => /\.(weight|bias|scale)$/.test(input.name));
    const count = learnt.reduce((sum, { shape }) => sum + shape.reduce<number>((size, n) => size * Number(n), 1), 0);
    expect(count).toBe(expected.parameters);
    const program = await engine.compile(graph);
    const { embedding } = await program.run({ ...feeds, image: image() });
    expect(relativeDifference(toNumbers(embedding), expected.embedding)).toBeLessThan(tolerance);
    await program.release();
  });

  it.each(Object.entries(expected.losses))('has the same loss and gradients: %s', async (kind, { loss, gradients }) => {
    const config = smallRun(network, losses[kind], rows);
    const ranking = makeLoss(config.loss, config.batch);
    const { graph, scope } = stepGraph(config, ranking, rows);
    const program = await engine.compile(graph);
    const results = await program.run({
      ...networkFeeds(config),
      ...ranking.feeds(labels, RandomSource.fromSeed(1)),
      image: image(),
    });
    expect(toNumbers(results['loss'])[0] / loss).toBeCloseTo(1, 4);
    expect([...scope.parameters.keys()].sort()).toEqual(Object.keys(gradients).sort());
    for (const [parameter, summary] of Object.entries(gradients)) {
      expectSummary(results[gradientOf(parameter)].data as Float32Array, summary, parameter);
    }
    await program.release();
  });

  const runs = Object.entries(expected.optimizers);
  it.runIf(runs.length > 0).each(runs)('moves the same way in two steps of %s', async (kind, { moved, ...run }) => {
    const config = { ...smallRun(network, losses['supcon'], rows), ...optimizers[kind] };
    const saved = new Map(Object.entries(networkFeeds(config)));
    for (const { name: parameter, shape } of [...saved].map(([key, { shape }]) => ({ name: key, shape }))) {
      for (const state of ['velocity', 'mean', 'square']) {
        const { data, ...rest } = hashedParameter(parameter, shape);
        saved.set(stateOf(state, parameter), { ...rest, data: data.fill(0) });
      }
    }
    const trainer = await Trainer.create(engine, config, saved);
    for (const [index, loss] of run.losses.entries()) {
      const result = await trainer.step({ image: image(), labels, augmentation: {} }, index + 1, config.learningRate);
      expect(result.loss / loss).toBeCloseTo(1, 4);
      if (index === 0) expectStatistics(await trainer.weights(), run.statistics);
    }
    const after = await trainer.weights();
    for (const [parameter, summary] of Object.entries(moved)) {
      const before = saved.get(parameter)!.data as Float32Array;
      const difference = (after.get(parameter)!.data as Float32Array).map((value, place) => value - before[place]);
      expectSummary(difference, summary, parameter);
    }
    await trainer.close();
  });
});

/** After one step. PyTorch's running variance is the unbiased one: n / (n - 1) times the population's. */
function expectStatistics(
  weights: ReadonlyMap<string, Tensor>,
  expected: z.infer<typeof caseSchema>['optimizers'][string]['statistics'],
): void {
  expect(Object.keys(expected)).toHaveLength(5);
  for (const [norm, { mean, variance, count }] of Object.entries(expected)) {
    const population = variance.map((value) => 0.9 + ((value - 0.9) * (count - 1)) / count);
    const running = (kind: string) => toNumbers(weights.get(`${norm}.${kind}`)!);
    expect(relativeDifference(running('running_mean'), mean), `${norm} mean`).toBeLessThan(tolerance);
    expect(relativeDifference(running('running_variance'), population), `${norm} variance`).toBeLessThan(tolerance);
  }
}
