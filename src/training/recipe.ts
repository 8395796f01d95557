import { z } from 'zod';
import { preprocessingRule } from '../images/preprocessing-rule.ts';
import { networkConfigSchema } from '../networks/network-config.ts';
import { chooseLoss, type TripletOrigin } from './choose-loss.ts';
import { chooseSampler, usualLoss } from './choose-sampler.ts';
import { lossBatchKind } from './loss-batch-kind.ts';
import { makeLoss } from './make-loss.ts';
import { judgeGraph } from './network-graphs.ts';
import { type Preset, presets } from './presets.ts';
import { refuseChoices } from './refuse-choices.ts';
import type { TrainingChoices } from './training-choices.ts';
import { type BatchConfig, type LossConfig, type TrainingConfig, trainingConfigSchema } from './training-config.ts';

const recipeSchema = trainingConfigSchema
  .pick({
    preset: true,
    seed: true,
    preprocessing: true,
    loss: true,
    batch: true,
    sampler: true,
    optimizer: true,
    learningRate: true,
    weightDecay: true,
    schedule: true,
    clipNorm: true,
    augmentation: true,
    patience: true,
  })
  .extend({
    network: networkConfigSchema.omit({ pixelMean: true, pixelDeviation: true, grey: true }),
    pixels: z.enum(['measured', 'unit']),
    heldOutShare: z.number().min(0).max(0.9),
    epochs: z.number().positive(),
    /** Counts instead of `epochs`. */
    steps: z.int().min(1).optional(),
    evaluateEveryEpochs: z.number().positive().optional(),
  });

/** The part of a configuration that is decided before anybody has looked at the pictures. */
export type Recipe = z.infer<typeof recipeSchema>;

/**
 * Completes a user's choices by the preset; of the loss as `chooseLoss` does.
 *
 * @throws if a choice contradicts another one or is out of bounds, naming the option; if the pictures would be too small for
 * the network; or if no embedding could satisfy the gap.
 */
export function chooseRecipe(choices: TrainingChoices, origin: TripletOrigin): Recipe {
  const preset: Preset = presets[choices.preset];
  const size = choices.size ?? preset.size;
  const loss = chooseLoss(choices, usualLoss(choices, preset.loss), origin);
  const sampler = chooseSampler(choices, loss, origin);
  refuseContradictions(choices);
  const parsed = recipeSchema.safeParse({
    preset: choices.preset,
    seed: choices.seed ?? 0,
    network: chooseNetwork(choices, preset, size),
    pixels: preset.pixels,
    preprocessing: preprocessingRule(size, size),
    loss,
    batch: chooseBatch(choices, preset, loss),
    ...(sampler === undefined ? {} : { sampler }),
    optimizer: chooseOptimizer(choices, preset),
    learningRate: choices.learningRate ?? preset.learningRate,
    weightDecay: choices.weightDecay ?? preset.weightDecay,
    schedule: chooseSchedule(choices, preset),
    clipNorm: choices.clipNorm ?? preset.clipNorm,
    augmentation: choices.augmentation ?? preset.augmentation,
    epochs: choices.epochs ?? preset.epochs,
    steps: choices.steps,
    heldOutShare: choices.heldOut ?? 0,
    evaluateEveryEpochs: choices.evaluateEveryEpochs,
    patience: choices.patience ?? null,
  } satisfies Recipe);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new Error(`these choices make no training: ${path.join('.')}: ${message}`);
  }
  const recipe = parsed.data;
  // The pictures will say how many classes there are.
  makeLoss(recipe.loss.kind === 'proxy-anchor' ? { ...recipe.loss, classes: 2 } : recipe.loss, recipe.batch);
  judgeGraph({ network: { ...recipe.network, pixelMean: 0, pixelDeviation: 1, grey: false } }, 1);
  return recipe;
}

function chooseNetwork(choices: TrainingChoices, { network }: Preset, size: number): Recipe['network'] {
  const backbone = choices.backbone ?? network.backbone;
  const own = backbone === network.backbone;
  return {
    backbone,
    paths: choices.paths ?? network.paths,
    width: size,
    height: size,
    embeddingDimension: choices.embeddingDimension ?? network.embeddingDimension,
    batchNormalization: choices.batchNormalization ?? (own && network.batchNormalization),
    dropout: choices.dropout ?? (own ? network.dropout : 0),
  };
}

function chooseBatch(choices: TrainingChoices, preset: Preset, config: LossConfig): BatchConfig {
  const loss = config.kind;
  const { batch } = preset;
  const rows = choices.rows ?? (batch.kind === 'triplets' ? 3 * batch.triplets : batch.rows);
  if (lossBatchKind(config) === 'classes') {
    const imagesPerClass = choices.imagesPerClass ?? (batch.kind === 'classes' ? batch.imagesPerClass : 4);
    if (rows < 2 * imagesPerClass) {
      throw new Error(
        `--rows ${rows} with --images-per-class ${imagesPerClass} leaves no room for two classes in a batch, and the loss ${loss} needs negatives: use at least ${2 * imagesPerClass} rows`,
      );
    }
    return { kind: 'classes', rows, imagesPerClass };
  }
  refuseChoices(
    { '--images-per-class': choices.imagesPerClass },
    `the loss ${loss} takes triplets, not images per class`,
  );
  if (rows % 3 !== 0) {
    throw new Error(
      `--rows ${rows} was given, but the loss ${loss} takes rows in threes (query, positive, negative): use ${rows - (rows % 3) || 3}`,
    );
  }
  return { kind: 'triplets', triplets: rows / 3 };
}

function chooseOptimizer(choices: TrainingChoices, { optimizer }: Preset): TrainingConfig['optimizer'] {
  const kind = choices.optimizer ?? optimizer.kind;
  if (kind === 'sgd') {
    const fallback = optimizer.kind === 'sgd' ? optimizer : { momentum: 0.9, nesterov: true };
    return {
      kind,
      momentum: choices.momentum ?? fallback.momentum,
      nesterov: choices.nesterov ?? fallback.nesterov,
    };
  }
  const reason = 'adamw has no momentum of SGD and no Nesterov form; use --optimizer sgd, or leave it out';
  const nesterov = choices.nesterov === false ? '--no-nesterov' : '--nesterov';
  refuseChoices({ '--momentum': choices.momentum, [nesterov]: choices.nesterov }, reason);
  return optimizer.kind === 'adamw' ? optimizer : { kind, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
}

function chooseSchedule(choices: TrainingChoices, { schedule }: Preset): TrainingConfig['schedule'] {
  const kind = choices.schedule ?? schedule.kind;
  const falling = kind === 'step' && schedule.kind !== 'step' ? { every: 1 / 3, factor: 0.1 } : {};
  return { ...schedule, kind, ...falling, warmup: choices.warmup ?? schedule.warmup };
}

function refuseContradictions(choices: TrainingChoices): void {
  const { steps, backbone, batchNormalization } = choices;
  if (steps !== undefined) {
    refuseChoices({ '--epochs': choices.epochs }, `--steps ${steps} says how long the run is; give one of them`);
  }
  if ((backbone ?? presets[choices.preset].network.backbone) === 'vgg16') {
    const normalised = batchNormalization === true ? true : undefined;
    refuseChoices({ '--batch-normalization': normalised }, 'vgg16 has none; use --backbone small, or leave it out');
  }
  if ((choices.heldOut ?? 0) > 0) return;
  const judging = { '--patience': choices.patience, '--evaluate-every': choices.evaluateEveryEpochs };
  refuseChoices(
    judging,
    'nothing is kept from training to judge it by: give --held-out a share above 0, or leave it out',
  );
}
