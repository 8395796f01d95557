import { augmentationPresets } from '../../pictures/augmentation/augmentation.ts';
import type { LossConfig } from '../../ranking/losses/loss-table.ts';
import type { OptimizerConfig } from '../../ranking/optimizers/optimizer-table.ts';
import type { SamplerName } from '../../ranking/triplets/samplers/sampler-table.ts';
import type { PlainConfig } from './settings/plain-settings.ts';
import type { BatchConfig } from './step/batch-config.ts';
import type { TrainingConfig } from './training-config.ts';

/** What a preset decides, plain settings that are not as usual among it; the pictures and the machine decide the rest. */
export interface Preset extends Partial<PlainConfig> {
  readonly network: Omit<TrainingConfig['network'], 'width' | 'height' | 'pixelMean' | 'pixelDeviation' | 'grey'>;
  /** Pixels a side. */
  readonly size: number;
  /** `measured`: mean and deviation of the training pictures; `unit`: 0 and 1. */
  readonly pixels: 'measured' | 'unit';
  readonly loss: LossConfig;
  /** How triplets are drawn, and by what relevance, see `parseRelevance`, unless somebody chooses otherwise. */
  readonly sampler?: { readonly name: SamplerName; readonly relevance: string };
  readonly batch: BatchConfig;
  readonly optimizer: OptimizerConfig;
  readonly schedule: TrainingConfig['schedule'];
  readonly augmentation: TrainingConfig['augmentation'];
  readonly epochs: number;
}

/**
 * 25 steps of warm-up at least: chosen on the training part of 1,260 product photographs, where 30 steps with 1.5 of warm-up
 * collapse and 110 steps with 5.5 learn less than with 27; see docs/training.md. The demo's runs have more than that by their
 * share.
 */
const cosine = { kind: 'cosine', warmup: 0.05, warmupSteps: 25, every: 1, factor: 1 } as const;
const constant = { kind: 'constant', warmup: 0, every: 1, factor: 1 } as const;

const small = {
  network: { backbone: 'small', paths: 'subsampled', embeddingDimension: 128, batchNormalization: true, dropout: 0 },
  size: 64,
  pixels: 'measured',
  loss: { kind: 'supcon', temperature: 0.1 },
  batch: { kind: 'classes', rows: 120, imagesPerClass: 4 },
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  learningRate: 0.003,
  weightDecay: 0.05,
  schedule: cosine,
  augmentation: augmentationPresets.full,
  epochs: 24,
} as const satisfies Preset;

/**
 * The presets by name.
 *
 * `auto`: a linear map of a pretrained network's features, chosen by folds of the training pictures; see `strongStart`. The
 * network is the packaged model's, unless an ONNX file is given. What the others below decide is decided there.
 *
 * `small`: a network of a million parameters at 64 x 64 that trains in minutes on a laptop: supervised contrastive loss at
 * temperature 0.1, AdamW, cosine schedule, full augmentation, 30 classes by 4 images a step.
 *
 * `contour`: `small` with histograms of oriented gradients as the second half of the embedding, each half ranked by itself, in
 * two thirds of the epochs.
 *
 * `article`: Zingade's recipe as published: VGG16 from scratch at 224 x 224, strided low-resolution paths, embedding of 4096,
 * dropout that drops 60%, triplets, hinge with g = 1 on Euclidean distances, SGD 0.001 with Nesterov momentum 0.9, 8 triplets
 * a step, 25 epochs, pixels scaled to 0..1.
 *
 * `paper`: Wang et al. 2014: AlexNet with local response normalisation and overlapping pools at 225 x 225, paths on subsampled
 * pictures, embedding of 4096, dropout that keeps 60%, triplets by importance sampling with 20% of negatives out of class,
 * hinge on squared Euclidean distances, lambda 0.001, SGD with momentum, random pixel shift. Where the paper is silent: gap,
 * learning rate, batch and epochs are the article's, momentum and the constant schedule too; relevance, the paper's own
 * "golden feature", is by histograms of oriented gradients.
 */
export const presets = {
  auto: {
    ...small,
    network: { backbone: 'onnx', paths: 'none', embeddingDimension: 256, batchNormalization: false, dropout: 0 },
    size: 224,
    pixels: 'unit',
    weightDecay: 0,
    augmentation: augmentationPresets.none,
  },
  small,
  contour: { ...small, network: { ...small.network, embeddingDimension: 256, hog: true }, epochs: 16 },
  article: {
    network: { backbone: 'vgg16', paths: 'strided', embeddingDimension: 4096, batchNormalization: false, dropout: 0.6 },
    size: 224,
    pixels: 'unit',
    loss: { kind: 'hinge', gap: 1, distance: 'euclidean' },
    batch: { kind: 'triplets', triplets: 8 },
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
    learningRate: 0.001,
    weightDecay: 0,
    schedule: constant,
    augmentation: augmentationPresets.article,
    epochs: 25,
  },
  paper: {
    network: {
      backbone: 'alexnet',
      paths: 'subsampled',
      embeddingDimension: 4096,
      batchNormalization: false,
      dropout: 0.4,
    },
    size: 225,
    pixels: 'measured',
    loss: { kind: 'hinge', gap: 1, distance: 'squared-euclidean' },
    sampler: { name: 'relevance', relevance: 'hog' },
    batch: { kind: 'triplets', triplets: 8 },
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false },
    learningRate: 0.001,
    weightDecay: 0.002,
    schedule: constant,
    augmentation: augmentationPresets['pixel-shift'],
    epochs: 25,
  },
} as const satisfies Record<string, Preset>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;

/** All names. */
export const presetNames = Object.keys(presets) as readonly PresetName[];
