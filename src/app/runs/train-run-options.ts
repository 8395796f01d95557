import type { LongWork } from '../../foundation/progress/progress.ts';
import type { PartialPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { TrainingChoices } from '../../training/configuration/training-choices.ts';
import type { FeatureCacheOptions } from '../../training/features/feature-cache.ts';
import type { RunFolder } from '../../training/loop/run-folder.ts';
import type { TrainingEvent } from '../../training/loop/train-options.ts';
import type { TrainingPlan } from '../../training/planning/plan-training.ts';
import type { LoadedWeights } from '../../training/weights/load-weights.ts';
import type { TrainingMaterial } from './training-material.ts';

/**
 * What a whole run is made from, and who watches it. `onProgress` is told of the look at the pictures, and of those that go
 * through a frozen trunk; steps are events. Aborting `signal` finishes the step, writes a checkpoint and stops. Before the first
 * step nothing has begun yet: the promise is rejected with an `AbortError`.
 */
export interface TrainRunOptions extends LongWork {
  readonly material: TrainingMaterial;
  /** Where the run's files go. */
  readonly folder: string;
  /** What the user decides of a new run. Default: what `trainingDefaults` and the preset `small` say. */
  readonly choices?: TrainingChoices | undefined;
  /** Go on with the run in `folder`, whose own configuration then counts. Default: false. */
  readonly resume?: boolean | undefined;
  /** Bytes a step may take; more means fewer rows at once. Default: no limit. */
  readonly memoryBytes?: number | undefined;
  /** Bytes of prepared pixels that are remembered. Default: 1 GB. */
  readonly cacheBytes?: number | undefined;
  /** Bytes of prepared pixels that are kept on disk beyond those; 0 for none. Default: 10 GB. */
  readonly diskCacheBytes?: number | undefined;
  /** Where prepared pixels are kept for later runs, too. Default: in the run's folder until it is finished. */
  readonly keptPixels?: string | undefined;
  /** Where the features of a frozen trunk are kept for other runs. Default: the user's cache folder, at most 2 GiB. Networks of ours have none. */
  readonly featureCache?: FeatureCacheOptions | undefined;
  /** Limits of a picture; one beyond them is left out as unreadable. */
  readonly pictureLimits?: PartialPictureLimits | undefined;
  /** Seconds between checkpoints. Default: 30. */
  readonly checkpointSeconds?: number | undefined;
  /** What the model file says of itself. */
  readonly description?: string | undefined;
  /** Whom the training pictures are to be credited to. */
  readonly attribution?: string | undefined;
  /** How the page puts what findings say of choices, which they name as `choices.rows: 7`. Default: so. */
  readonly wording?: ((text: string) => string) | undefined;
  readonly onPlan?: ((plan: TrainingPlan, run: RunFolder) => void) | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Told what came of the weights that were chosen, before the first step of a new run. */
  readonly onWeights?: ((loaded: LoadedWeights) => void) | undefined;
  /** Events of the softmax pre-training, which comes before those of `onEvent`. */
  readonly onPretraining?: ((event: TrainingEvent) => void) | undefined;
}
