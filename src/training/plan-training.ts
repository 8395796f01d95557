import type { ImageDataset } from '../datasets/dataset.ts';
import { preprocessingRule } from '../images/preprocessing-rule.ts';
import { batchSource } from './batch-source.ts';
import { measurePixels } from './measure-pixels.ts';
import { type PresetName, presets } from './presets.ts';
import { type BatchConfig, type TrainingConfig, trainingConfigSchema } from './training-config.ts';
import { type DataOptions, prepareData, type TrainingData } from './training-data.ts';

/** What a user may decide; everything left out is the preset's. */
export interface TrainingChoices {
  readonly preset: PresetName;
  /** Default 0. */
  readonly seed?: number;
  /** Pixels a side. */
  readonly size?: number;
  readonly backbone?: TrainingConfig['network']['backbone'];
  readonly paths?: TrainingConfig['network']['paths'];
  readonly embeddingDimension?: number;
  readonly batchNormalization?: boolean;
  readonly dropout?: number;
  readonly loss?: TrainingConfig['loss']['kind'];
  readonly gap?: number;
  readonly distance?: 'euclidean' | 'squared-euclidean';
  readonly temperature?: number;
  /** Images through the network a step. */
  readonly rows?: number;
  readonly imagesPerClass?: number;
  readonly optimizer?: TrainingConfig['optimizer']['kind'];
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly schedule?: TrainingConfig['schedule']['kind'];
  /** Share of the steps. */
  readonly warmup?: number;
  readonly clipNorm?: number;
  readonly augmentation?: TrainingConfig['augmentation'];
  readonly epochs?: number;
  /** Instead of epochs. */
  readonly steps?: number;
  /** Share of the classes kept from training to judge it; of the images, where there are fewer than 20 classes. */
  readonly heldOut?: number;
  /** Epochs between two evaluations of the held-out part. Default: about ten evaluations a run. */
  readonly evaluateEveryEpochs?: number;
  readonly patience?: number;
  readonly threads?: number;
  /** Rows at once, where memory is short. Default: the whole batch. */
  readonly rowsAtOnce?: number;
  readonly provider?: TrainingConfig['engine']['provider'];
}

/** A run that is ready to start: its whole configuration, and its pictures. */
export interface TrainingPlan {
  readonly config: TrainingConfig;
  readonly data: TrainingData;
}

const fewClasses = 20;

/**
 * Completes a user's choices into a configuration: the preset fills what was left out, the pictures decide pixel mean and
 * deviation, the size of class batches and the length of an epoch.
 *
 * @throws if choices contradict each other, naming them; or as `prepareData` does.
 */
export async function planTraining(
  dataset: ImageDataset,
  choices: TrainingChoices,
  options: DataOptions = {},
): Promise<TrainingPlan> {
  const preset = presets[choices.preset];
  const size = choices.size ?? preset.size;
  const seed = choices.seed ?? 0;
  const preprocessing = preprocessingRule(size, size);
  const heldOut = {
    share: choices.heldOut ?? 0,
    by: dataset.classes.length < fewClasses ? 'image' : 'class',
  } as const;
  const data = await prepareData(dataset, { preprocessing, heldOut, seed }, options);
  const loss = chooseLoss(choices, data);
  const batch = chooseBatch(choices, loss.kind);
  const source = batchSource(data.material, batch, seed);
  const exact: BatchConfig =
    batch.kind === 'triplets'
      ? batch
      : { kind: 'classes', rows: source.rows, imagesPerClass: source.imagesPerClass ?? batch.imagesPerClass };
  const stepsPerEpoch = Math.ceil(source.epochBatches);
  const epochs = choices.epochs ?? preset.epochs;
  const steps = choices.steps ?? Math.max(1, Math.round(epochs * source.epochBatches));
  const backbone = choices.backbone ?? preset.network.backbone;
  const evaluateEvery =
    choices.evaluateEveryEpochs === undefined
      ? Math.max(stepsPerEpoch, Math.ceil(steps / 10))
      : Math.max(1, Math.round(choices.evaluateEveryEpochs * stepsPerEpoch));
  const config = trainingConfigSchema.parse({
    preset: choices.preset,
    seed,
    network: {
      backbone,
      paths: choices.paths ?? preset.network.paths,
      width: size,
      height: size,
      embeddingDimension: choices.embeddingDimension ?? preset.network.embeddingDimension,
      batchNormalization: choices.batchNormalization ?? (backbone === 'small' && preset.network.batchNormalization),
      dropout: choices.dropout ?? (backbone === 'vgg16' ? preset.network.dropout : 0),
      ...(preset.pixels === 'unit' ? { pixelMean: 0, pixelDeviation: 1 } : await measurePixels(data)),
    },
    preprocessing,
    loss,
    batch: exact,
    optimizer: chooseOptimizer(choices),
    learningRate: choices.learningRate ?? preset.learningRate,
    weightDecay: choices.weightDecay ?? preset.weightDecay,
    schedule: {
      ...preset.schedule,
      ...(choices.schedule === undefined ? {} : { kind: choices.schedule }),
      ...(choices.warmup === undefined ? {} : { warmup: choices.warmup }),
    },
    clipNorm: choices.clipNorm ?? preset.clipNorm,
    augmentation: choices.augmentation ?? preset.augmentation,
    steps,
    stepsPerEpoch,
    heldOut,
    evaluateEvery,
    patience: choices.patience ?? null,
    engine: {
      threads: choices.threads ?? 2,
      rowsAtOnce: choices.rowsAtOnce ?? source.rows,
      provider: choices.provider ?? 'cpu',
    },
  } satisfies TrainingConfig);
  return { config, data };
}

function chooseLoss(choices: TrainingChoices, data: TrainingData): TrainingConfig['loss'] {
  const preset: TrainingConfig['loss'] =
    data.material.kind === 'listed' && choices.loss === undefined
      ? { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' }
      : presets[choices.preset].loss;
  const kind = choices.loss ?? preset.kind;
  if (kind === 'supcon') {
    refuse(
      { gap: choices.gap, distance: choices.distance },
      'the loss supcon has no gap and no distance; it has a temperature',
    );
    return { kind, temperature: choices.temperature ?? (preset.kind === 'supcon' ? preset.temperature : 0.1) };
  }
  refuse({ temperature: choices.temperature }, `the loss ${kind} has no temperature; it has a gap and a distance`);
  const fallback = preset.kind === kind ? preset : ({ gap: 0.2, distance: 'squared-euclidean' } as const);
  return { kind, gap: choices.gap ?? fallback.gap, distance: choices.distance ?? fallback.distance };
}

function chooseBatch(choices: TrainingChoices, loss: TrainingConfig['loss']['kind']): BatchConfig {
  const preset: BatchConfig = presets[choices.preset].batch;
  const presetRows = preset.kind === 'triplets' ? 3 * preset.triplets : preset.rows;
  const rows = choices.rows ?? presetRows;
  if (loss === 'supcon' || loss === 'semi-hard') {
    const imagesPerClass = choices.imagesPerClass ?? (preset.kind === 'classes' ? preset.imagesPerClass : 4);
    return { kind: 'classes', rows, imagesPerClass };
  }
  refuse({ imagesPerClass: choices.imagesPerClass }, `the loss ${loss} takes triplets, not images per class`);
  if (rows % 3 !== 0) {
    throw new Error(
      `the loss ${loss} takes rows in threes (query, positive, negative), got ${rows}: use ${rows - (rows % 3)}`,
    );
  }
  return { kind: 'triplets', triplets: rows / 3 };
}

function chooseOptimizer(choices: TrainingChoices): TrainingConfig['optimizer'] {
  const preset: TrainingConfig['optimizer'] = presets[choices.preset].optimizer;
  const kind = choices.optimizer ?? preset.kind;
  if (kind === 'sgd') {
    const fallback = preset.kind === 'sgd' ? preset : { momentum: 0.9, nesterov: true };
    return {
      kind,
      momentum: choices.momentum ?? fallback.momentum,
      nesterov: choices.nesterov ?? fallback.nesterov,
    };
  }
  refuse(
    { momentum: choices.momentum, nesterov: choices.nesterov },
    'adamw has no momentum of SGD and no Nesterov form',
  );
  return preset.kind === 'adamw' ? preset : { kind, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
}

function refuse(given: Readonly<Record<string, unknown>>, reason: string): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) throw new Error(`'${name}' was given (${value}), but ${reason}`);
  }
}
