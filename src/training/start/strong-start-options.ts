import type { Engine } from '../../engines/engine.ts';
import type { EvaluationReport } from '../../evaluation/reports/evaluation-report.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import type { Trunk } from '../../ranking/backbones/trunk.ts';
import type { UnlearntPartName } from '../../ranking/networks/unlearnt/unlearnt-parts.ts';
import type { Expectation, StartConfig } from '../configuration/start-config.ts';
import type { FeatureTable } from '../data/feature-table.ts';
import type { TrainingData } from '../data/training-data.ts';
import type { CandidateTrunk } from './candidate-trunks.ts';

/** A line of a table of measures. */
export interface EvaluatedBaseline {
  readonly name: string;
  readonly measures: Readonly<Record<string, EvaluationReport['measures'][string]>>;
}

/** Embeddings of pictures, each by a head that had not learnt it, and had not learnt its class where folds are of classes. */
export interface UnseenEmbeddings {
  /** How many pictures are of each fold, one behind the other. */
  readonly parts: readonly number[];
  readonly data: Float32Array;
  readonly dimension: number;
  readonly labels: readonly number[];
}

/** Embeddings of pictures that learn nothing here, such as raw pixels: what a start has to beat. */
export interface Baseline {
  readonly name: string;
  /** A row for each of the places that were asked for. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
}

/** What a strong start is made from. */
export interface StrongStartOptions extends LongWork {
  readonly engine: Engine;
  readonly data: TrainingData;
  readonly seed: number;
  readonly expect: Expectation;
  /** Length of the embedding, where somebody said it. Default: chosen by folds. */
  readonly dimension: number | undefined;
  /** The trunks that may be chosen, the first as it comes. */
  readonly trunks: readonly CandidateTrunk[];
  /** The unlearnt parts that may join. */
  readonly parts: readonly UnlearntPartName[];
  /** Their features side by side, and those of the unlearnt parts behind; see `featuresOfCandidates`. */
  readonly features: FeatureTable;
  /** How many features each trunk gives, in their order, and then each unlearnt part. */
  readonly lengths: readonly number[];
  /** Embeddings of some places that nothing is learnt for. */
  readonly baselines: (places: readonly number[]) => Promise<readonly Baseline[]>;
  /** False once the time for choosing is up. */
  readonly timeLeft: () => boolean;
}

/** A start: the network's trunk and linear layers, and what folds say of it. */
export interface StrongStart {
  /** The chosen cut, with its pooling and the unlearnt parts that join. */
  readonly trunk: Trunk;
  readonly embeddingDimension: number;
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly start: Omit<StartConfig, 'cut' | 'dimensionChosen'>;
  /** What is kept, as folds judge it; what the report says. */
  readonly report: EvaluationReport;
  /** The same for what learns nothing. */
  readonly baselines: readonly EvaluatedBaseline[];
  /** Names of those of `baselines` that learn nothing and yet find more than what is kept, by more than the standard error. */
  readonly better: readonly string[];
  /** What distances are calibrated by. */
  readonly unseen: UnseenEmbeddings;
}
