import { z } from 'zod';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { jsonIssue } from '../../foundation/files/json-issue.ts';
import { augmentationSettingsSchema } from '../../pictures/augmentation/augmentation.ts';
import { preprocessingRuleSchema } from '../../pictures/preparation/preprocessing-rule.ts';
import { lossConfigSchema } from '../../ranking/losses/loss-table.ts';
import { networkConfigSchema } from '../../ranking/networks/network-config.ts';
import { optimizerConfigSchema } from '../../ranking/optimizers/optimizer-table.ts';
import { scheduleSchema } from '../../ranking/optimizers/schedules/schedule-table.ts';
import { samplerConfigSchema } from '../../ranking/triplets/samplers/sampler-table.ts';
import { plainShape } from './settings/plain-settings.ts';
import { startConfigSchema } from './start-config.ts';
import { batchConfigSchema, mostRows } from './step/batch-config.ts';

/** What decides the time of a run is bounded: beyond it a file is damaged, or was made to do harm. */
const mostSteps = 1_000_000_000;
const steps = z.int().min(1).max(mostSteps);

/**
 * Everything a training run depends on but the pictures. Written to the run's `config.json`; a resumed run reads it from
 * there, so that what was chosen from the machine (threads, micro-batch) is chosen once.
 */
export const trainingConfigSchema = z.strictObject({
  preset: z.string(),
  ...plainShape,
  network: networkConfigSchema,
  preprocessing: preprocessingRuleSchema,
  loss: lossConfigSchema,
  batch: batchConfigSchema,
  /** Draws triplets by relevance; without it they are uniform. For losses over triplets of classes. */
  sampler: samplerConfigSchema.exactOptional(),
  optimizer: optimizerConfigSchema,
  schedule: scheduleSchema,
  augmentation: augmentationSettingsSchema,
  /** The file that weights were loaded from before the first step, and its SHA-256. */
  weights: z.strictObject({ file: z.string(), sha256: z.string() }).exactOptional(),
  /** Softmax pre-training of the ConvNet before the ranking; see `pretrainingConfig`. */
  pretraining: z.strictObject({ epochs: z.number().positive().max(1_000_000) }).exactOptional(),
  /** What the head begins as, chosen by folds; a run of the preset `auto` has it. */
  start: startConfigSchema.exactOptional(),
  /** Optimiser steps of the whole run; 0 where the start is all there is. */
  steps: z.int().min(0).max(mostSteps),
  /** Steps of one epoch: every trainable image a query once, or as many rows as images. */
  stepsPerEpoch: steps,
  /** Share of the classes (or, with few classes, of the images) kept from training to judge it; see `chooseHeldOut`. */
  heldOut: z.strictObject({
    share: z.number().min(0).max(0.9),
    by: z.enum(['class', 'image']),
    /** Nothing is held out that looks the same as a trained picture or nearly so; see `withoutLeaks`. */
    leakProof: z.boolean().exactOptional(),
  }),
  /** Steps between two evaluations of the held-out part. */
  evaluateEvery: steps,
  engine: z.strictObject({
    threads: z.int().min(1).max(256),
    /** Rows that go through the network at once; less than the batch means gradients are summed over slices. */
    rowsAtOnce: z.int().min(1).max(mostRows),
    provider: z.enum(['cpu', 'webgpu', 'cuda']),
    /** Channels in a block of the engine's convolutions, found out on the machine; 0 for plain ones. */
    convolutionBlock: z.int().min(0).max(64).default(0),
    /** oneDNN, where it computes what it has well; without it onnxruntime computes everything. */
    onednn: z
      .strictObject({
        version: z.string(),
        /** Who brings its threads. */
        threads: z.enum(['OpenMP', 'TBB']),
        /** What it uses of the processor. */
        instructions: z.string(),
        /** What lies between its operators; weights and all else are float32. */
        precision: z.enum(['float32', 'bfloat16']),
        /** Times as fast as in float32 that bfloat16 was measured to be, where that decided between the two. */
        timesAsFast: z.number().positive().exactOptional(),
      })
      .exactOptional(),
  }),
});

/** All that decides a run's result beside its pictures, as `config.json` has it. */
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

/**
 * A value as a training configuration.
 *
 * @throws if it is not one: `what` is no configuration of this version, where, and why.
 */
export function checkedTrainingConfig(value: unknown, what: string): TrainingConfig {
  const parsed = trainingConfigSchema.safeParse(value);
  if (parsed.success && (parsed.data.steps > 0 || parsed.data.start !== undefined)) return parsed.data;
  const reason = parsed.success
    ? "'steps' is 0 (Too small: expected number to be >=1 where there is no 'start')"
    : jsonIssue(value, parsed.error.issues[0]);
  throw new TrainingError(`${what} is no configuration of this version: ${reason}`);
}
