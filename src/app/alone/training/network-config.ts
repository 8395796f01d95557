import { preprocessingRule } from '../../../pictures/preparation/preprocessing-rule.ts';
import type { ImagesByClass } from '../../../ranking/triplets/images-by-class.ts';
import { ClassBatches } from '../../../ranking/triplets/samplers/class-batches.ts';
import { presets } from '../../../training/configuration/presets.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import type { BatchSource } from '../../../training/data/batch-source.ts';
import type { LabelledPictures } from './labelled-pictures.ts';
import type { Training } from './training.ts';

/** Evaluations of a run, as of `train`. */
const evaluations = 10;

const preset = presets.small;

/** How the preset `small` prepares pictures. */
export const smallRule = preprocessingRule(preset.size, preset.size);

/** The network of the preset `small` and the run's batches, fitted to the pictures as `planTraining` does it in Node. */
export interface NetworkRun {
  readonly config: TrainingConfig;
  readonly source: BatchSource;
}

/**
 * The configuration of a run in the page.
 *
 * @param images the pictures that are learnt from, by their classes.
 * @param measured of their pixels.
 */
export function networkRun(
  { epochs, seed }: Extract<Training, { readonly kind: 'network' }>,
  images: ImagesByClass,
  measured: Pick<TrainingConfig['network'], 'pixelMean' | 'pixelDeviation' | 'grey'>,
  by: LabelledPictures['by'],
): NetworkRun {
  const { rows: asked, imagesPerClass } = preset.batch;
  const source = classSource(images, { batch: asked, imagesPerClass }, seed);
  const steps = Math.max(1, Math.round(epochs * source.epochBatches));
  const { rows, everyClass } = source;
  const config: TrainingConfig = {
    preset: 'small',
    seed,
    patience: null,
    learningRate: preset.learningRate,
    weightDecay: preset.weightDecay,
    clipNorm: null,
    network: { ...preset.network, width: preset.size, height: preset.size, ...measured },
    preprocessing: smallRule,
    loss: preset.loss,
    batch: { kind: 'classes', rows, imagesPerClass: source.imagesPerClass ?? imagesPerClass, everyClass },
    optimizer: preset.optimizer,
    schedule: preset.schedule,
    augmentation: preset.augmentation,
    steps,
    stepsPerEpoch: Math.ceil(source.epochBatches),
    heldOut: { share: 0.2, by },
    evaluateEvery: Math.max(1, Math.ceil(steps / evaluations)),
    engine: { threads: 1, rowsAtOnce: rows, provider: 'cpu', convolutionBlock: 0 },
  };
  return { config, source };
}

function classSource(
  images: ImagesByClass,
  asked: { readonly batch: number; readonly imagesPerClass: number },
  seed: number,
): BatchSource {
  const batches = ClassBatches.fromSeed(images, asked, seed);
  return {
    rows: batches.rows,
    epochBatches: images.imageCount / batches.rows,
    imagesPerClass: batches.imagesPerClass,
    everyClass: batches.everyClass,
    next: () => batches.next(),
    get state() {
      return batches.state;
    },
  };
}
