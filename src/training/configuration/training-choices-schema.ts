import { z } from 'zod';
import { checkedArgument } from '../../foundation/arguments/checked-argument.ts';
import { augmentationSettingsSchema } from '../../pictures/augmentation/augmentation.ts';
import { rankingLossNames } from '../../ranking/losses/loss-table.ts';
import { minerNames } from '../../ranking/losses/miners/miner-table.ts';
import { networkConfigSchema } from '../../ranking/networks/network-config.ts';
import { scheduleNames } from '../../ranking/optimizers/learning-rate-schedule.ts';
import { optimizerNames } from '../../ranking/optimizers/optimizer-table.ts';
import { samplerNames } from '../../ranking/triplets/samplers/sampler-table.ts';
import { presetNames } from './presets.ts';
import { expectations } from './start-config.ts';
import type { TrainingChoices } from './training-choices.ts';
import { trainingConfigSchema } from './training-config.ts';
import { trunkChoicesSchema } from './trunk-choices-schema.ts';

const { backbone, paths } = networkConfigSchema.shape;
const positive = z.number().positive();
const share = z.number().min(0).max(1);
const most = 1_000_000_000;

/**
 * What a user may decide, as a strict schema: every choice, and nothing else. What a choice may be beside others, and what the
 * pictures allow, is said by `chooseRecipe` and `planTraining`.
 */
export const trainingChoicesSchema = z.strictObject({
  preset: z.enum(presetNames).optional(),
  seed: z.int().min(0).optional(),
  expect: z.enum(expectations).optional(),
  seconds: positive.max(1_000_000).optional(),
  size: z.int().min(8).max(4096).optional(),
  backbone: backbone.optional(),
  trunk: trunkChoicesSchema.optional(),
  weights: z.string().min(1).optional(),
  pretrainEpochs: positive.max(1_000_000).optional(),
  paths: paths.optional(),
  embeddingDimension: z.int().min(1).max(65_535).optional(),
  hog: z.boolean().optional(),
  batchNormalization: z.boolean().optional(),
  dropout: z.number().min(0).lt(1).optional(),
  loss: z.enum(rankingLossNames).optional(),
  miner: z.enum(minerNames).optional(),
  crossBatchMemory: z.int().min(1).max(1_000_000).optional(),
  crossBatchAfter: z.int().min(0).max(most).optional(),
  lossSettings: z.record(z.string(), z.number()).optional(),
  sampler: z.enum(samplerNames).optional(),
  relevance: z.string().min(1).optional(),
  outOfClass: share.optional(),
  relevanceMargin: z.number().min(0).optional(),
  relevanceLimit: positive.optional(),
  buffer: z.int().min(2).max(1_000_000).optional(),
  categoryLevels: z.int().min(1).max(64).optional(),
  gap: positive.optional(),
  distance: z.enum(['euclidean', 'squared-euclidean']).optional(),
  temperature: positive.optional(),
  rows: z.int().min(3).max(65_536).optional(),
  imagesPerClass: z.int().min(2).max(4096).optional(),
  optimizer: z.enum(optimizerNames).optional(),
  momentum: share.optional(),
  nesterov: z.boolean().optional(),
  learningRate: positive.optional(),
  weightDecay: z.number().min(0).optional(),
  schedule: z.enum(scheduleNames).optional(),
  warmup: share.optional(),
  warmupSteps: z.int().min(0).max(1_000_000).optional(),
  clipNorm: positive.optional(),
  augmentation: augmentationSettingsSchema.optional(),
  epochs: positive.max(1_000_000).optional(),
  steps: z.int().min(1).max(most).optional(),
  heldOut: z.number().min(0).max(0.9).optional(),
  leakProof: z.boolean().optional(),
  evaluateEveryEpochs: positive.optional(),
  patience: z.int().min(1).max(most).optional(),
  threads: z.int().min(1).max(256).optional(),
  rowsAtOnce: z.int().min(1).max(65_536).optional(),
  provider: trainingConfigSchema.shape.engine.shape.provider.optional(),
} satisfies { readonly [Name in keyof Required<TrainingChoices>]: z.ZodType<TrainingChoices[Name] | undefined> });

/**
 * Checks a user's choices before anything is read or written.
 *
 * @throws UsageError at the first that is wrong, with its path (`choices.optimizer`): an unknown name of a choice, a name that
 * there is not, a wrong type, a number out of range.
 */
export function checkTrainingChoices(choices: unknown): void {
  checkedArgument(trainingChoicesSchema, choices, 'choices');
}
