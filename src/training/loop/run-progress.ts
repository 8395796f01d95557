import { z } from 'zod';

/** How far a run has come: what a checkpoint carries beside the tensors. */
export const progressSchema = z.strictObject({
  step: z.int().min(0),
  /** Images through the network. */
  images: z.int().min(0),
  /** Seconds spent on steps. */
  seconds: z.number().min(0),
  dataHash: z.string(),
  /** State of the source of batches after the last step. */
  source: z.record(z.string(), z.union([z.number(), z.array(z.number()).readonly()])),
  /** Of the steps since the last log line. */
  sums: z.strictObject({
    steps: z.int().min(0),
    loss: z.number(),
    activeShare: z.number(),
    spread: z.number(),
    gradientNorm: z.number(),
  }),
  /**
   * The best evaluation, and the file in the run's folder that has its weights. Runs of earlier versions name no file: they
   * kept these weights only with early stopping, in `best.safetensors`.
   */
  best: z.strictObject({ step: z.int(), score: z.number(), file: z.string().exactOptional() }).nullable(),
  /** Evaluations since the best one. */
  sinceBest: z.int().min(0),
  stoppedEarly: z.boolean(),
});

/** How far a run is: what a checkpoint remembers beside weights and optimiser state. */
export type RunProgress = z.infer<typeof progressSchema>;
