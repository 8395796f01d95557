import type { RankingLossName } from '../../ranking/losses/loss-table.ts';
import type { MinerName } from '../../ranking/losses/miners/miner-table.ts';
import type { SamplerName } from '../../ranking/triplets/samplers/sampler-table.ts';
import type { PresetName } from './presets.ts';
import type { Expectation } from './start-config.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrunkChoices } from './trunk-choices.ts';

/** What a user may decide; everything left out is as `trainingDefaults` has it, or the preset's. */
export interface TrainingChoices {
  /**
   * Default: `auto`; or `small`, as soon as something is chosen that `auto` decides itself, or triplets were listed; see
   * `presetOf`.
   */
  readonly preset?: PresetName;
  /** Default: 0. */
  readonly seed?: number;
  /** Of `auto`: what is going to be searched for. Default: both. */
  readonly expect?: Expectation | undefined;
  /** Of `auto`: seconds that choosing may take, the features of pictures not counted. Default: 300. */
  readonly seconds?: number | undefined;
  /** Pixels a side. */
  readonly size?: number;
  readonly backbone?: TrainingConfig['network']['backbone'];
  /** An ONNX file as the backbone, instead of one by name. */
  readonly trunk?: TrunkChoices;
  /** A safetensors or Keras HDF5 file to start from; see docs/weights.md. Default: weights are drawn. */
  readonly weights?: string;
  /** Epochs of softmax pre-training of the ConvNet on the classes before the ranking. Default: none. */
  readonly pretrainEpochs?: number;
  readonly paths?: TrainingConfig['network']['paths'];
  readonly embeddingDimension?: number;
  /** A second part of the embedding from histograms of oriented gradients. Default: the preset's. */
  readonly hog?: boolean;
  readonly batchNormalization?: boolean;
  /** Share of elements dropped behind dense layers. */
  readonly dropout?: number;
  readonly loss?: RankingLossName;
  /** How `hinge` and `soft-margin` find triplets in batches of classes. Default: they take triplets drawn beforehand. */
  readonly miner?: MinerName;
  /** Embeddings of earlier batches to compare with, too. Default: none. */
  readonly crossBatchMemory?: number;
  /** Steps before they are kept. Default: a tenth of the steps. */
  readonly crossBatchAfter?: number;
  /** A loss's own numbers by name; see docs/losses.md. */
  readonly lossSettings?: Readonly<Record<string, number>>;
  /** How triplets are drawn from classes. Default: uniformly. */
  readonly sampler?: SamplerName;
  /** What relevance is, as `parseRelevance` reads it. Default: labels. */
  readonly relevance?: string;
  /** Share of triplets with a negative of another category. Default: 0.2. */
  readonly outOfClass?: number;
  /** By how much a negative of the query's category has to be less relevant than the positive. Default: 0.05. */
  readonly relevanceMargin?: number;
  /** More relevant pairs count as this relevant. Default: no limit. */
  readonly relevanceLimit?: number;
  /** Most images that relevance sampling holds of a category. Default: 100. */
  readonly buffer?: number;
  /** Leading parts of a class's name that are its category. Default: 1. */
  readonly categoryLevels?: number;
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
  /** Share of the steps over which the learning rate rises. Alone it is the whole of the warm-up, however few steps it makes. */
  readonly warmup?: number;
  /** Steps over which it rises at least, but at most half of all. Default: the preset's, or none where `warmup` is given. */
  readonly warmupSteps?: number;
  readonly clipNorm?: number;
  readonly augmentation?: TrainingConfig['augmentation'];
  readonly epochs?: number;
  /** Instead of epochs. */
  readonly steps?: number;
  /**
   * Share of the classes kept from training to judge it; of the images, where there are fewer than 10 classes; of the
   * queries, where triplets were listed; 0 for none. Default: 0.1.
   */
  readonly heldOut?: number;
  /** Hold nothing out that looks the same as a trained picture or nearly so. Default: false. Not with listed triplets. */
  readonly leakProof?: boolean;
  /** Epochs between two evaluations of the held-out part. Default: ten evaluations a run, or fewer where much is held out. */
  readonly evaluateEveryEpochs?: number;
  /** Evaluations without a better one before the run stops. Default: it runs to its end. */
  readonly patience?: number;
  /** Of the engine. Default: 2. */
  readonly threads?: number;
  /** Rows at once, where memory is short. Default: the whole batch. */
  readonly rowsAtOnce?: number;
  /** Default: `cpu`. */
  readonly provider?: TrainingConfig['engine']['provider'];
}
