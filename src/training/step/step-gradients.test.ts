import { describe, expect, it } from 'vitest';
import { tinyClassBatch, tinyConfig, tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { ReferenceEngine } from '../../../test/oracles/reference/reference-engine.ts';
import { unitRows } from '../../../test/support/unit-rows.ts';
import type { Engine, HeldTensor } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { colourFeeds, sampleAugmentation } from '../../pictures/augmentation/augmentation.ts';
import type { LossConfig } from '../../ranking/losses/loss-table.ts';
import { lossBatchKind } from '../configuration/loss-batch-kind.ts';
import { makeLoss } from '../configuration/make-loss.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { CrossBatchMemory } from './cross-batch-memory.ts';
import { dropoutMasks } from './dropout-masks.ts';
import { checkSlices, prepareGradients } from './step-gradients.ts';

const rows = 12;

function configOf(loss: LossConfig): TrainingConfig {
  const batch = lossBatchKind(loss) === 'classes' ? tinyClassBatch : tinyConfig.batch;
  return { ...tinyConfig, loss, batch };
}

/** Pictures and augmentation of a batch, the same for the same configuration. */
function batchOf(config: TrainingConfig) {
  const random = RandomSource.fromSeed(1, 'step gradients');
  const image = tensor('uint8', [rows, 8, 8, 3]);
  for (let place = 0; place < image.data.length; place++) image.data[place] = random.integer(256);
  const sample = sampleAugmentation(config.augmentation, rows, 8, 8, random);
  const labels = Array.from({ length: rows }, (_, row) => Math.floor(row / 4));
  return { image, labels, augmentation: colourFeeds(sample, config.augmentation) };
}

/** A memory of random directions and labels, with some of its places empty. */
function filledMemory(places: number): CrossBatchMemory {
  const memory = CrossBatchMemory.create({ rows: places, after: 0 }, 6);
  const labels = Array.from({ length: places - 3 }, (_, place) => place % 4);
  memory.remember(1, tensor('float32', [places - 3, 6], Float32Array.from(unitRows(places - 3, 6, 5))), labels);
  return memory;
}

/** Loss and gradients of one batch with weights, masks and pictures that depend on nothing but the configuration. */
async function compute(engine: Engine, config: TrainingConfig, rowsAtOnce: number, times = 1) {
  const sliced = { ...config, engine: { ...config.engine, rowsAtOnce } };
  const loss = makeLoss(config.loss, config.batch);
  const { scope, gradients } = await prepareGradients(engine, sliced, loss);
  const held = new Map<string, HeldTensor>();
  for (const { spec } of scope.parameters.values()) {
    const values = spec.initializer(spec.shape, RandomSource.fromSeed(2, spec.name));
    held.set(spec.name, await engine.hold(tensor('float32', spec.shape, values)));
  }
  const masks = dropoutMasks(scope.masks, rows, 8, 1);
  const lossFeeds = () => ({
    ...loss.feeds(batchOf(config).labels, RandomSource.fromSeed(4)),
    ...(loss.memoryRows === 0 ? {} : filledMemory(loss.memoryRows).feeds()),
  });
  let result = await gradients.compute(batchOf(config), masks, held, lossFeeds());
  for (let time = 1; time < times; time++) {
    result = await gradients.compute(batchOf(config), masks, held, lossFeeds());
  }
  const values = new Map<string, number[]>();
  for (const [name, gradient] of Object.entries(result.gradients)) values.set(name, toNumbers(await gradient.read()));
  await gradients.release();
  return { ...result, masks, values };
}

/** The largest difference of two sets of gradients, as a share of the largest element. */
function relativeDifference(a: ReadonlyMap<string, number[]>, b: ReadonlyMap<string, number[]>): number {
  let [largest, difference] = [0, 0];
  expect([...b.keys()]).toEqual([...a.keys()]);
  for (const [name, values] of a) {
    for (const [place, value] of values.entries()) {
      largest = Math.max(largest, Math.abs(value));
      difference = Math.max(difference, Math.abs(value - b.get(name)![place]));
    }
  }
  expect(largest).toBeGreaterThan(1e-4);
  return difference / largest;
}

const hinged = { gap: 0.02, distance: 'squared-euclidean' } as const;
const losses: LossConfig[] = [
  { kind: 'hinge', ...hinged },
  // Some slices have a mean below zero: the maximum must be taken of the mean of all.
  { kind: 'batch-mean-hinge', ...hinged, gap: 0.1 },
  { kind: 'semi-hard', ...hinged },
  { kind: 'supcon', temperature: 0.1 },
  { kind: 'soft-margin', distance: 'euclidean' },
  { kind: 'hinge', ...hinged, miner: 'batch-hard' },
  { kind: 'soft-margin', distance: 'squared-euclidean', miner: 'batch-all' },
  { kind: 'hinge', ...hinged, gap: 0.3, miner: 'distance-weighted', memory: { rows: 20 } },
  { kind: 'contrastive', gap: 1, memory: { rows: 20 } },
  { kind: 'multi-similarity', alpha: 2, beta: 10, base: 0.5, epsilon: 0.1 },
  { kind: 'proxy-anchor', scale: 8, margin: 0.1, proxyRate: 10, classes: 4 },
];

describe('gradients in slices, with dropout and augmentation', () => {
  it.each(losses)("are the whole batch's within 1e-6 on onnxruntime: %j", async (loss) => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const whole = await compute(engine, configOf(loss), rows);
    expect(Object.keys(whole.masks)).toEqual(['backbone.dropout']);
    if (!('miner' in loss) && loss.kind.endsWith('hinge')) expect([0.25, 0.5, 0.75]).toContain(whole.activeShare);
    for (const rowsAtOnce of [3, 6]) {
      const sliced = await compute(engine, configOf(loss), rowsAtOnce);
      expect(relativeDifference(whole.values, sliced.values)).toBeLessThan(1e-6);
      expect(sliced.loss).toBeCloseTo(whole.loss, 6);
      expect(sliced.activeShare).toBeCloseTo(whole.activeShare, 6);
    }
    await engine.close();
  });

  it.each([losses[0], losses[3]])("are the whole batch's within 1e-6 in float64: $kind", async (loss) => {
    const engine = new ReferenceEngine();
    const whole = await compute(engine, configOf(loss), rows);
    const sliced = await compute(engine, configOf(loss), 6);
    expect(relativeDifference(whole.values, sliced.values)).toBeLessThan(1e-6);
    expect(sliced.loss).toBeCloseTo(whole.loss, 6);
  });

  it('start from nothing at every step', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    for (const loss of [losses[0], losses[3]]) {
      const once = await compute(engine, configOf(loss), 3);
      const again = await compute(engine, configOf(loss), 3, 3);
      expect(relativeDifference(once.values, again.values)).toBe(0);
    }
    await engine.close();
  });

  it('leave the spread of a batch of classes as it is, and average that of slices of triplets', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    for (const loss of [losses[0], losses[3]]) {
      const whole = await compute(engine, configOf(loss), rows);
      const sliced = await compute(engine, configOf(loss), 3);
      expect(whole.spread).toBeGreaterThan(1e-3);
      if (loss.kind === 'supcon') expect(sliced.spread).toBeCloseTo(whole.spread, 6);
      else expect(sliced.spread).toBeLessThan(whole.spread);
    }
    await engine.close();
  });
});

describe('checkSlices', () => {
  const sliced = (changes: Partial<TrainingConfig>, rowsAtOnce: number): TrainingConfig => ({
    ...tinyConfig,
    ...changes,
    engine: { ...tinyConfig.engine, rowsAtOnce },
  });
  const classes = { batch: tinyClassBatch, loss: losses[3] };

  it.each([
    ['triplets', {}, [3, 6, 12, 24]],
    ['classes', classes, [1, 2, 3, 4, 6, 12]],
    ['classes with batch normalisation', { ...classes, network: tinyNormalizedConfig.network }, [12, 13]],
  ] as const)('allows the divisors of a batch of %s', (_, changes, allowed) => {
    for (const rowsAtOnce of allowed) expect(() => checkSlices(sliced(changes, rowsAtOnce))).not.toThrow();
  });

  it.each([
    [{}, 4, 'slices of 4 rows do not divide a batch of 12 between triplets: use a divisor that is a multiple of 3'],
    [{}, 9, 'slices of 9 rows do not divide'],
    [classes, 5, 'slices of 5 rows do not divide a batch of 12: use a divisor'],
    [
      tinyNormalizedConfig,
      6,
      'slices of 6 rows were asked for, but batch normalisation needs all 12 rows together: its mean and variance are the batch',
    ],
  ] as const)('refuses other slices and says why: %#', async (changes, rowsAtOnce, message) => {
    const config = sliced(changes, rowsAtOnce);
    expect(() => checkSlices(config)).toThrow(message);
    const loss = makeLoss(config.loss, config.batch);
    await expect(prepareGradients(new ReferenceEngine(), config, loss)).rejects.toThrow(message);
  });
});
