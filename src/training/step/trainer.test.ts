import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyConfig, tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { makeLoss } from '../configuration/make-loss.ts';
import { makeOptimizer } from '../configuration/make-optimizer.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { BatchLoader } from '../data/batch-loader.ts';
import { batchSource } from '../data/batch-source.ts';
import type { TrainingBatch } from '../data/training-batch.ts';
import { prepareData } from '../data/training-data.ts';
import { gradientOf, nextOf, stepGraph } from './network-graphs.ts';
import { Trainer } from './trainer.ts';
import { stateOf, successorOf, updateGraph } from './update-graph.ts';

const steps = 50;
const dataset = pixelDataset(evenClasses(3, 6), { size: 8 });

async function batchesOf(config: TrainingConfig, count: number): Promise<TrainingBatch[]> {
  const data = await prepareData(dataset, config);
  const loader = new BatchLoader(config, data, batchSource(data.material, config.batch, config.seed));
  const batches: TrainingBatch[] = [];
  for (let step = 1; step <= count; step++) batches.push((await loader.take(step)).batch);
  return batches;
}

/** The same steps with every result in a buffer of its own. Without dropout, whose masks are the trainer's affair. */
async function stepsApart(engine: Engine, config: TrainingConfig, batches: readonly TrainingBatch[]) {
  const loss = makeLoss(config.loss, config.batch);
  const optimizer = makeOptimizer(config);
  const { graph, scope } = stepGraph(config, loss, 12);
  const parameters = [...scope.parameters.values()].map(({ spec }) => spec);
  const step = await engine.compile(graph, { name: 'step', asBuilt: true });
  const update = await engine.compile(updateGraph(parameters, optimizer, config), {
    name: 'update',
    asBuilt: true,
  });
  let state: Record<string, Tensor> = {};
  let statistics: Record<string, Tensor> = {};
  for (const { name, shape, initializer } of parameters) {
    state[name] = tensor('float32', shape, initializer(shape, RandomSource.fromSeed(config.seed, `weight ${name}`)));
    for (const own of optimizer.stateNames) state[stateOf(own, name)] = tensor('float32', shape);
  }
  for (const { spec } of scope.statistics.values()) {
    const size = spec.shape.reduce((a, b) => a * b, 1);
    statistics[spec.name] = tensor('float32', spec.shape, new Float32Array(size).fill(spec.initial));
  }
  for (const [index, batch] of batches.entries()) {
    const weights = Object.fromEntries(parameters.map(({ name }) => [name, state[name]]));
    const lossFeeds = loss.feeds(batch.labels, RandomSource.fromSeed(0));
    const feeds = { ...weights, ...statistics, ...batch.augmentation, ...lossFeeds, image: batch.image };
    const results = await step.run(feeds);
    const gradients = Object.fromEntries(parameters.map(({ name }) => [gradientOf(name), results[gradientOf(name)]]));
    const scalars = {
      learning_rate: tensor('float32', [], Float32Array.of(config.learningRate)),
      step: tensor('float32', [], Float32Array.of(index + 1)),
    };
    const updated = await update.run({ ...state, ...gradients, ...scalars });
    state = Object.fromEntries(Object.keys(state).map((name) => [name, updated[successorOf(name)]]));
    statistics = Object.fromEntries(Object.keys(statistics).map((name) => [name, results[nextOf(name)]]));
  }
  return new Map(Object.entries({ ...state, ...statistics }));
}

const undropped = (config: TrainingConfig): TrainingConfig => ({
  ...config,
  network: { ...config.network, dropout: 0 },
  clipNorm: 0.5,
  steps,
});

/** Losses with numbers drawn in every step, with a memory that fills from step 2 on, and with proxies of their own. */
const others: TrainingConfig[] = [
  {
    ...tinyNormalizedConfig,
    loss: {
      kind: 'hinge',
      gap: 0.3,
      distance: 'euclidean',
      miner: 'distance-weighted',
      memory: { rows: 30, after: 1 },
    },
  },
  { ...tinyNormalizedConfig, loss: { kind: 'proxy-anchor', scale: 8, margin: 0.1, proxyRate: 10, classes: 3 } },
];

describe('Trainer', () => {
  it.each([
    ['SGD on triplets', undropped(tinyConfig)],
    ['AdamW with batch normalisation on classes', undropped(tinyNormalizedConfig)],
  ])('takes fifty steps in place as in separate buffers, bit for bit: %s', async (_, config) => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const batches = await batchesOf(config, steps);
    const trainer = await Trainer.create(engine, config);
    const before = await trainer.weights();
    for (const [index, batch] of batches.entries()) await trainer.step(batch, index + 1, config.learningRate);
    const inPlace = await trainer.snapshot();
    const apart = await stepsApart(engine, config, batches);
    expect(tensorDigests(inPlace)).toEqual(tensorDigests(apart));
    const [first, last] = [tensorDigests(before), tensorDigests(inPlace)];
    for (const name of before.keys()) expect(last[name], name).not.toBe(first[name]);
    await engine.close();
  });

  it('does a step again from a snapshot, with the same masks, bit for bit', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    for (const config of [tinyConfig, tinyNormalizedConfig, ...others]) {
      const batches = await batchesOf(config, 6);
      const whole = await Trainer.create(engine, config);
      const results = [];
      let saved = new Map<string, Tensor>();
      for (const [index, batch] of batches.entries()) {
        if (index === 3) saved = await whole.snapshot();
        results.push(await whole.step(batch, index + 1, 0.01));
      }
      const resumed = await Trainer.create(engine, config, saved);
      for (let step = 4; step <= 6; step++) {
        expect(await resumed.step(batches[step - 1], step, 0.01)).toEqual(results[step - 1]);
      }
      expect(tensorDigests(await resumed.snapshot())).toEqual(tensorDigests(await whole.snapshot()));
    }
    await engine.close();
  });

  it('drops other elements in every step, and none when it embeds', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const [batch] = await batchesOf(tinyConfig, 1);
    const losses = async (config: TrainingConfig, ...numbers: number[]) => {
      const found = [];
      for (const step of numbers) {
        const trainer = await Trainer.create(engine, config);
        found.push((await trainer.step(batch, step, 0.01)).loss);
      }
      return found;
    };
    const [first, again, second] = await losses(tinyConfig, 1, 1, 2);
    expect(again).toBe(first);
    expect(second).not.toBe(first);
    const [plain, plainSecond] = await losses(undropped(tinyConfig), 1, 2);
    expect(plainSecond).toBe(plain);
    const trainer = await Trainer.create(engine, tinyConfig);
    const undroppedTrainer = await Trainer.create(engine, undropped(tinyConfig));
    expect(await trainer.embed(batch.image)).toEqual(await undroppedTrainer.embed(batch.image));
    await engine.close();
  });

  it('embeds as many pictures at once as it trains on, and takes other weights', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const trainer = await Trainer.create(engine, { ...tinyConfig, engine: { ...tinyConfig.engine, rowsAtOnce: 3 } });
    expect([trainer.rows, trainer.embedRows]).toEqual([12, 3]);
    const other = await Trainer.create(engine, { ...tinyConfig, seed: 8 });
    const [batch] = await batchesOf(tinyConfig, 1);
    const some = tensor('uint8', [3, 8, 8, 3], batch.image.data.slice(0, 3 * 192) as Uint8Array);
    const { data } = await trainer.embed(some);
    for (let row = 0; row < 3; row++) {
      expect(Math.hypot(...(data as Float32Array).subarray(6 * row, 6 * row + 6))).toBeCloseTo(1, 6);
    }
    await trainer.load(await other.weights());
    expect(tensorDigests(await trainer.weights())).toEqual(tensorDigests(await other.weights()));
    expect(trainer.parameterCount).toBe(
      [...(await trainer.weights()).values()].reduce((sum, w) => sum + w.data.length, 0),
    );
    await expect(trainer.load(new Map())).rejects.toThrow("the weights lack 'backbone.conv1.weight'");
    await engine.close();
  });

  it('refuses a snapshot of another network or optimiser, naming the tensor', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const saved = await (await Trainer.create(engine, tinyConfig)).snapshot();
    const wider = { ...tinyConfig, network: { ...tinyConfig.network, embeddingDimension: 7 } };
    await expect(Trainer.create(engine, wider, saved)).rejects.toThrow(
      "the checkpoint has float32[6,192] for 'embedding.weight', this network wants float32[7,192]",
    );
    await expect(
      Trainer.create(engine, { ...tinyConfig, optimizer: tinyNormalizedConfig.optimizer }, saved),
    ).rejects.toThrow("the checkpoint lacks 'mean:backbone.conv1.weight': it was written for another configuration");
    await engine.close();
  });
});
