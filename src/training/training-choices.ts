import type { PresetName } from './presets.ts';
import type { TrainingConfig } from './training-config.ts';

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
  /** Share of elements dropped behind dense layers. */
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
  /** `step` multiplies the learning rate by 0.1 after each third of the steps. */
  readonly schedule?: TrainingConfig['schedule']['kind'];
  /** Share of the steps. */
  readonly warmup?: number;
  readonly clipNorm?: number;
  readonly augmentation?: TrainingConfig['augmentation'];
  readonly epochs?: number;
  /** Instead of epochs. */
  readonly steps?: number;
  /**
   * Share of the classes kept from training to judge it; of the images, where there are fewer than 20 classes; of the
   * queries, where triplets were listed. Default 0.
   */
  readonly heldOut?: number;
  /** Epochs between two evaluations of the held-out part. Default: about ten evaluations a run. */
  readonly evaluateEveryEpochs?: number;
  /** Evaluations without a better one before the run stops. Default: it runs to its end. */
  readonly patience?: number;
  readonly threads?: number;
  /** Rows at once, where memory is short. Default: the whole batch. */
  readonly rowsAtOnce?: number;
  readonly provider?: TrainingConfig['engine']['provider'];
}
