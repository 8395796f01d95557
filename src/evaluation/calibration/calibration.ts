import { z } from 'zod';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);

/** One step of a calibration curve. */
export const calibrationStepSchema = z.strictObject({
  /** The nearest and the farthest of the pairs here. */
  from: z.number().min(0),
  to: z.number().min(0),
  /** Share of alike pairs here, had half of all pairs been alike. */
  share,
  /** Pairs that were looked at here, of both kinds. */
  alike: count,
  unlike: count,
});

/** Schema of a `Calibration`. */
export const calibrationSchema = z.strictObject({
  /** What embeddings were compared by. */
  distance: z.enum(searchDistanceNames),
  /** How the curve was fitted: `isotonic`, or `logistic` where there were few alike pairs. */
  method: z.enum(['isotonic', 'logistic']),
  /** In ascending order of distance, shares falling. Between two steps the share is linear; beyond them it stays. */
  steps: z.array(calibrationStepSchema).min(1).max(64),
  /** Distances between which the share is from 0.2 to 0.8: nearer is probably alike, farther probably not. */
  unsure: z.strictObject({ from: z.number(), to: z.number() }),
  /** Share of alike pairs among all pairs of the images. */
  baseRate: share,
  /** All pairs of the images, of both kinds, of which no more than some hundred thousand were looked at. */
  pairs: z.strictObject({ alike: count, unlike: count }),
  images: count,
  classes: count,
  /** Where the images were from, in a few words. */
  source: z.string(),
});

/**
 * What share of pairs of images at a distance were alike: of one class, on images that were not trained on. Made by
 * `fitCalibration`, read by `shareAlike`.
 */
export type Calibration = Readonly<z.infer<typeof calibrationSchema>>;
/** A point of a calibration's curve: a distance, and the share of pairs at it that were alike, from 0 to 1. */
export type CalibrationStep = Readonly<z.infer<typeof calibrationStepSchema>>;
