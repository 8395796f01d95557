import type { Engine } from '../../engines/engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { colourFeeds, sampleAugmentation } from '../../pictures/augmentation/augmentation.ts';
import { warpImages } from '../../pictures/augmentation/warp-images.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { type PresetName, presets } from '../../training/configuration/presets.ts';
import { plainConfig } from '../../training/configuration/settings/plain-settings.ts';
import { rowsOf } from '../../training/configuration/step/batch-config.ts';
import { type TrainingConfig, trainingConfigSchema } from '../../training/configuration/training-config.ts';
import { warpingThreadFor } from '../../training/data/warping-thread.ts';
import { evaluationGraph } from '../../training/step/network-graphs.ts';
import { Trainer } from '../../training/step/trainer.ts';
import { matmulSpeed } from './matmul-speed.ts';
import { median } from './median.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { peakMemory } from './peak-memory.ts';

/** How fast a preset trains here. */
export interface StepSpeed {
  readonly preset: PresetName;
  readonly rows: number;
  readonly size: number;
  /** Median seconds of a step: augmentation, forward, loss, backward, update. */
  readonly secondsPerStep: number;
  readonly steps: readonly number[];
  readonly imagesPerSecond: number;
  /** Multiply-adds of one image forward. */
  readonly multiplyAddsPerImage: number;
  /** 6 FLOP for every multiply-add forward, over the step's time. */
  readonly flopPerSecond: number;
  readonly matmulFlopPerSecond: number;
  /** The one over the other. */
  readonly shareOfMatmul: number;
  /** Largest resident memory of this process so far. */
  readonly peakBytes: number;
}

/** The configuration of a preset for pictures that do not matter. */
export function benchConfig(preset: PresetName, threads: number): TrainingConfig {
  const { network, size, loss, batch, optimizer, schedule, augmentation, ...rest } = presets[preset];
  return trainingConfigSchema.parse({
    preset,
    ...plainConfig({}, rest),
    network: { ...network, width: size, height: size, pixelMean: 0.5, pixelDeviation: 0.25, grey: false },
    preprocessing: preprocessingRule(size, size),
    loss,
    batch,
    optimizer,
    schedule,
    augmentation,
    steps: 1000,
    stepsPerEpoch: 100,
    heldOut: { share: 0, by: 'class' },
    evaluateEvery: 1000,
    engine: { threads, rowsAtOnce: rowsOf(batch), provider: 'cpu' },
  });
}

/** Times `repeats` training steps of a preset on random pictures, after one that does not count. */
export async function stepSpeed(
  engine: Engine,
  preset: PresetName,
  threads: number,
  repeats: number,
): Promise<StepSpeed> {
  const config = benchConfig(preset, threads);
  const rows = rowsOf(config.batch);
  const { width, height } = config.network;
  const matmulFlopPerSecond = await matmulSpeed(engine, 5);
  const trainer = await Trainer.create(engine, config);
  const warping = warpingThreadFor(config);
  const warp = warping?.warp ?? warpImages;
  const random = RandomSource.fromSeed(0, 'bench');
  const steps: number[] = [];
  for (let step = 1; step <= repeats + 1; step++) {
    const pixels = Uint8Array.from({ length: rows * height * width * 3 }, () => random.integer(256));
    const sample = sampleAugmentation(config.augmentation, rows, width, height, random);
    const imagesPerClass = config.batch.kind === 'classes' ? config.batch.imagesPerClass : 1;
    const started = performance.now();
    const images = await warp({ count: rows, width, height, data: pixels }, sample, config.augmentation);
    const batch = {
      image: tensor('uint8', [rows, height, width, 3], images),
      labels: Array.from({ length: rows }, (_, row) => Math.floor(row / imagesPerClass)),
      augmentation: colourFeeds(sample, config.augmentation),
    };
    await trainer.step(batch, step, config.learningRate);
    if (step > 1) steps.push((performance.now() - started) / 1000);
  }
  const peakBytes = peakMemory();
  await warping?.close();
  await trainer.close();
  const secondsPerStep = median(steps);
  const multiplyAddsPerImage = multiplyAdds(evaluationGraph(config, 1));
  const flopPerSecond = (6 * multiplyAddsPerImage * rows) / secondsPerStep;
  return {
    preset,
    rows,
    size: width,
    secondsPerStep,
    steps,
    imagesPerSecond: rows / secondsPerStep,
    multiplyAddsPerImage,
    flopPerSecond,
    matmulFlopPerSecond,
    shareOfMatmul: flopPerSecond / matmulFlopPerSecond,
    peakBytes,
  };
}
