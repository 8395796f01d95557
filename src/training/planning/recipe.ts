import { z } from 'zod';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { alternatives } from '../../foundation/text/alternatives.ts';
import { augmentationPresets } from '../../pictures/augmentation/augmentation.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import type { Trunk } from '../../ranking/backbones/trunk.ts';
import { type LossConfig, withClasses } from '../../ranking/losses/loss-table.ts';
import { backboneNames, backboneTable } from '../../ranking/networks/convnets/backbone-table.ts';
import { networkConfigSchema } from '../../ranking/networks/network-config.ts';
import { smallestContourSide } from '../../ranking/networks/unlearnt/oriented-gradients.ts';
import { chooseLoss, type TripletOrigin } from '../configuration/choose-loss.ts';
import { chooseOptimizer } from '../configuration/choose-optimizer.ts';
import { chooseSampler, usualLoss } from '../configuration/choose-sampler.ts';
import { chooseSchedule } from '../configuration/choose-schedule.ts';
import { lossBatchKind } from '../configuration/loss-batch-kind.ts';
import { rankingLoss } from '../configuration/make-loss.ts';
import { parsedChoice } from '../configuration/parsed-choice.ts';
import { type Preset, presets } from '../configuration/presets.ts';
import { refuseChoices } from '../configuration/refuse-choices.ts';
import { plainConfig, plainShape } from '../configuration/settings/plain-settings.ts';
import type { BatchConfig } from '../configuration/step/batch-config.ts';
import type { TrainingChoices } from '../configuration/training-choices.ts';
import { checkedTrainingChoices } from '../configuration/training-choices-schema.ts';
import { trainingConfigSchema } from '../configuration/training-config.ts';
import { trainingDefaults } from '../configuration/training-defaults.ts';
import { evaluationGraph } from '../step/network-graphs.ts';

const recipeSchema = trainingConfigSchema
  .pick({
    preset: true,
    preprocessing: true,
    loss: true,
    batch: true,
    sampler: true,
    optimizer: true,
    schedule: true,
    augmentation: true,
    pretraining: true,
  })
  .extend({
    ...plainShape,
    network: networkConfigSchema.omit({ pixelMean: true, pixelDeviation: true, grey: true }),
    pixels: z.enum(['measured', 'unit']),
    heldOutShare: z.number().min(0).max(0.9),
    epochs: z.number().positive(),
    /** Counts instead of `epochs`. */
    steps: z.int().min(1).optional(),
    evaluateEveryEpochs: z.number().positive().optional(),
  });

/** The preset whose recipe completes choices that name none. */
const recipeDefault = 'small';

/** The part of a configuration that is decided before anybody has looked at the pictures. */
export type Recipe = z.infer<typeof recipeSchema>;

/**
 * Completes a user's choices by the preset; of the loss as `chooseLoss` does. A `trunk` is the backbone; it decides the size
 * of pictures, and with cached features there is no augmentation.
 *
 * @throws UsageError as `checkedTrainingChoices` does, and if a choice contradicts another one, naming both; if the pictures would be too small for
 * the network; or if no embedding could satisfy the gap.
 */
export function chooseRecipe(given: TrainingChoices, origin: TripletOrigin, trunk?: Trunk): Recipe {
  checkedTrainingChoices(given);
  const name = given.preset ?? recipeDefault;
  const preset: Preset = presets[name];
  const choices = withPresetSampler(given, preset, origin);
  const side = choices.size ?? preset.size;
  const { width, height } = trunk?.network ?? { width: side, height: side };
  const loss = chooseLoss(choices, usualLoss(choices, preset.loss), origin);
  const sampler = chooseSampler(choices, loss, origin);
  refuseContradictions(choices);
  refusePretraining(choices, origin);
  const chosen = {
    preset: name,
    ...plainConfig(choices, preset),
    network: { ...chooseNetwork(choices, preset, trunk), width, height },
    pixels: preset.pixels,
    preprocessing: preprocessingRule(width, height, choices.fit, choices.decode),
    loss,
    batch: chooseBatch(choices, preset, loss),
    ...(sampler === undefined ? {} : { sampler }),
    optimizer: chooseOptimizer(choices, preset.optimizer),
    schedule: chooseSchedule(choices, preset.schedule),
    // What a frozen trunk makes of pictures is computed once, from the pictures as they are.
    augmentation: trunk?.config.cached ? augmentationPresets.none : (choices.augmentation ?? preset.augmentation),
    epochs: choices.epochs ?? preset.epochs,
    steps: choices.steps,
    heldOutShare: choices.heldOut ?? trainingDefaults.heldOut,
    evaluateEveryEpochs: choices.evaluateEveryEpochs,
    ...(choices.pretrainEpochs === undefined ? {} : { pretraining: { epochs: choices.pretrainEpochs } }),
  } satisfies Recipe;
  const recipe = parsedChoice(recipeSchema, chosen, '');
  refuseSmallContours(choices, recipe.network);
  // The pictures will say how many classes there are.
  rankingLoss({ ...recipe, loss: withClasses(recipe.loss, 2) });
  evaluationGraph({ network: { ...recipe.network, pixelMean: 0, pixelDeviation: 1, grey: false } }, 1, trunk);
  return recipe;
}

/** The choices with the preset's sampler, where nobody chose one, and triplets are drawn one by one from classes. */
function withPresetSampler(
  choices: TrainingChoices,
  { sampler, loss }: Preset,
  origin: TripletOrigin,
): TrainingChoices {
  if (sampler === undefined || choices.sampler !== undefined || choices.miner !== undefined) return choices;
  if (origin === 'listed' || (choices.loss !== undefined && choices.loss !== loss.kind)) return choices;
  return { ...choices, sampler: sampler.name, relevance: choices.relevance ?? sampler.relevance };
}

function chooseNetwork(
  choices: TrainingChoices,
  { network }: Preset,
  trunk: Trunk | undefined,
): Omit<Recipe['network'], 'width' | 'height'> {
  const backbone = trunk === undefined ? (choices.backbone ?? network.backbone) : 'onnx';
  const own = backbone === network.backbone;
  return {
    backbone,
    // Beside a pretrained network they cost more than they bring; see docs/backbones.md.
    paths: choices.paths ?? (trunk === undefined ? network.paths : 'none'),
    ...chooseEmbedding(choices, network),
    batchNormalization:
      backboneTable.find(backbone)?.batchNormalization === 'always' ||
      (choices.batchNormalization ?? (own && network.batchNormalization)),
    dropout: choices.dropout ?? (own ? network.dropout : 0),
    ...(trunk === undefined ? {} : { trunk: trunk.config }),
  };
}

/** Each part of the embedding has the preset's length, unless somebody says how long the whole is. */
function chooseEmbedding(
  { hog: chosen, embeddingDimension }: TrainingChoices,
  preset: Preset['network'],
): Pick<Recipe['network'], 'embeddingDimension' | 'hog'> {
  const hog = chosen ?? preset.hog ?? false;
  if (!hog) return { embeddingDimension: embeddingDimension ?? preset.embeddingDimension };
  const dimension = embeddingDimension ?? (preset.hog ? 1 : 2) * preset.embeddingDimension;
  if (dimension % 2 !== 0) {
    const reason = `with choices.hog an embedding has two parts of equal length: use ${dimension + 1}`;
    refuseChoices({ embeddingDimension: dimension }, reason);
  }
  return { embeddingDimension: dimension, hog };
}

/** @throws if the preset brought histograms of oriented gradients, and pictures are too small for them. */
function refuseSmallContours(choices: TrainingChoices, { hog, width, height }: Recipe['network']): void {
  if (hog === undefined || choices.hog !== undefined || Math.min(width, height) >= smallestContourSide) return;
  throw new UsageError(
    `the preset ${choices.preset ?? recipeDefault} has histograms of oriented gradients, which need pictures of at least ${smallestContourSide} pixels a side, got ${width} x ${height}: use choices.size: ${smallestContourSide} or larger, or another preset`,
    { path: 'choices.size', expected: `at least ${smallestContourSide}`, value: choices.size },
  );
}

function chooseBatch(choices: TrainingChoices, preset: Preset, config: LossConfig): BatchConfig {
  const loss = config.kind;
  const { batch } = preset;
  const rows = choices.rows ?? (batch.kind === 'triplets' ? 3 * batch.triplets : batch.rows);
  if (lossBatchKind(config) === 'classes') {
    const imagesPerClass = choices.imagesPerClass ?? (batch.kind === 'classes' ? batch.imagesPerClass : 4);
    if (rows < 2 * imagesPerClass) {
      const reason = `with choices.imagesPerClass: ${imagesPerClass} it leaves no room for two classes in a batch, and the loss ${loss} needs negatives: use at least ${2 * imagesPerClass} rows`;
      refuseChoices({ rows }, reason);
    }
    return { kind: 'classes', rows, imagesPerClass };
  }
  refuseChoices({ imagesPerClass: choices.imagesPerClass }, `the loss ${loss} takes triplets, not images per class`);
  if (rows % 3 !== 0) {
    const reason = `the loss ${loss} takes rows in threes (query, positive, negative): use ${rows - (rows % 3) || 3}`;
    refuseChoices({ rows }, reason);
  }
  return { kind: 'triplets', triplets: rows / 3 };
}

function refusePretraining({ pretrainEpochs, trunk }: TrainingChoices, origin: TripletOrigin): void {
  const given = { pretrainEpochs };
  if (trunk !== undefined) refuseChoices(given, 'the backbone is an ONNX file, which is trained already: leave it out');
  if (origin !== 'listed') return;
  refuseChoices(given, 'listed triplets have no classes to tell apart: leave it out, or give images of classes');
}

function refuseContradictions(choices: TrainingChoices): void {
  const { steps, backbone, batchNormalization } = choices;
  if (steps !== undefined) {
    refuseChoices({ epochs: choices.epochs }, `choices.steps: ${steps} says how long the run is; give one of them`);
  }
  const named = backbone ?? presets[choices.preset ?? recipeDefault].network.backbone;
  const normalised = backboneTable.find(named)?.batchNormalization;
  const free = alternatives(
    backboneNames.flatMap((name) => (backboneTable.find(name)?.batchNormalization === 'chosen' ? [`'${name}'`] : [])),
  );
  const instead = `use choices.backbone: ${free}, or leave it out`;
  if (normalised === 'always') {
    const without = batchNormalization === false ? false : undefined;
    refuseChoices({ batchNormalization: without }, `${named} is defined with it; ${instead}`);
  } else if (normalised === 'never') {
    const withIt = batchNormalization === true ? true : undefined;
    refuseChoices({ batchNormalization: withIt }, `${named} has none; ${instead}`);
  }
  if (choices.trunk !== undefined) {
    const reason =
      "the backbone is an ONNX file, which has layers of its own; use choices.backbone: 'small', or leave it out";
    refuseChoices({ dropout: choices.dropout, batchNormalization: batchNormalization || undefined }, reason);
  }
  if ((choices.heldOut ?? trainingDefaults.heldOut) > 0) return;
  const judging = { patience: choices.patience, evaluateEveryEpochs: choices.evaluateEveryEpochs };
  refuseChoices(
    judging,
    'nothing is kept from training to judge it by: give choices.heldOut a share above 0, or leave it out',
  );
}
