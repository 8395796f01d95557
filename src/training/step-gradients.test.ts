import { describe, expect, it } from 'vitest';
import { tinyClassBatch, tinyConfig } from '../../test/fixtures/tiny-training.ts';
import type { Engine, HeldTensor } from '../engines/engine.ts';
import { OnnxruntimeEngine } from '../engines/onnxruntime-engine.ts';
import { ReferenceEngine } from '../engines/reference-engine.ts';
import { augmentationFeeds, sampleAugmentation } from '../images/augmentation.ts';
import { RandomSource } from '../random/random-source.ts';
import { type Tensor, tensor, toNumbers } from '../tensor/tensor.ts';
import { makeLoss } from './make-loss.ts';
import { prepareGradients } from './step-gradients.ts';
import type { LossConfig, TrainingConfig } from './training-config.ts';

const rows = 12;
const hinge = { gap: 1, distance: 'squared-euclidean' } as const;

function configOf(loss: LossConfig): TrainingConfig {
  const batch = loss.kind === 'supcon' || loss.kind === 'semi-hard' ? tinyClassBatch : tinyConfig.batch;
  return { ...tinyConfig, loss, batch };
}

/** Pictures and augmentation of a batch, the same for the same configuration. */
function batchOf(config: TrainingConfig) {
  const random = RandomSource.fromSeed(1, 'step gradients');
  const image = tensor('uint8', [rows, 8, 8, 3]);
  for (let place = 0; place < image.data.length; place++) image.data[place] = random.integer(256);
  const sample = sampleAugmentation(config.augmentation, rows, 8, 8, random);
  const labels = Array.from({ length: rows }, (_, row) => Math.floor(row / 4));
  return { image, labels, augmentation: augmentationFeeds(sample, config.augmentation) };
}

/** Loss and gradients of one batch with weights, masks and pictures that depend on nothing but the configuration. */
async function compute(engine: Engine, config: TrainingConfig, rowsAtOnce: number) {
  const sliced = { ...config, engine: { ...config.engine, rowsAtOnce } };
  const { scope, gradients } = await prepareGradients(engine, sliced, makeLoss(config.loss, config.batch));
  const held = new Map<string, HeldTensor>();
  for (const { spec } of scope.parameters.values()) {
    const values = spec.initializer(spec.shape, RandomSource.fromSeed(2, spec.name));
    held.set(spec.name, await engine.hold(tensor('float32', spec.shape, values)));
  }
  const masks: Record<string, Tensor> = {};
  for (const { name, shape, keep } of scope.masks) {
    const random = RandomSource.fromSeed(3, name);
    const mask = tensor('float32', [rows, ...shape.slice(1)]);
    for (let place = 0; place < mask.data.length; place++) mask.data[place] = random.uniform() < keep ? 1 / keep : 0;
    masks[name] = mask;
  }
  // Twice: what the first batch left in the accumulators must not be in the second's gradients.
  await gradients.compute(batchOf(config), masks, held);
  const result = await gradients.compute(batchOf(config), masks, held);
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

const losses: LossConfig[] = [
  { kind: 'hinge', ...hinge },
  { kind: 'batch-mean-hinge', ...hinge },
  { kind: 'semi-hard', ...hinge },
  { kind: 'supcon', temperature: 0.1 },
];

describe('gradients in slices', () => {
  it.each(losses)("are the whole batch's within 1e-6, with dropout and augmentation, in float64: $kind", async (loss) => {
    const engine = new ReferenceEngine();
    const t0 = performance.now();
    const whole = await compute(engine, configOf(loss), rows);
    expect(Object.keys(whole.masks)).toEqual(['backbone.dropout']);
    console.log(loss.kind, performance.now() - t0, whole.loss, whole.activeShare);
    for (const rowsAtOnce of [3, 6]) {
      const sliced = await compute(engine, configOf(loss), rowsAtOnce);
      console.log(rowsAtOnce, relativeDifference(whole.values, sliced.values), sliced.loss - whole.loss);
    }
  });
  it.each(losses)('ort: $kind', async (loss) => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const whole = await compute(engine, configOf(loss), rows);
    for (const rowsAtOnce of [3, 6]) {
      const sliced = await compute(engine, configOf(loss), rowsAtOnce);
      console.log(rowsAtOnce, relativeDifference(whole.values, sliced.values), sliced.loss - whole.loss);
    }
  });
});
