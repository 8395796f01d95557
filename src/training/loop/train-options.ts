import type { Engine } from '../../engines/engine.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import type { ChoiceTables } from '../configuration/choice-tables.ts';
import type { TrainingPlan } from '../planning/plan-training.ts';
import type { HeldOutEvaluation } from './evaluate-held-out.ts';
import type { TrainingProgress } from './progress-meter.ts';
import type { RunFolder } from './run-folder.ts';

/** What a run tells whoever watches it. */
export type TrainingEvent =
  | { readonly kind: 'step'; readonly progress: TrainingProgress }
  | {
      readonly kind: 'evaluation';
      readonly step: number;
      readonly evaluation: HeldOutEvaluation;
      readonly best: boolean;
    }
  | { readonly kind: 'checkpoint'; readonly step: number }
  | { readonly kind: 'warning'; readonly message: string };

/** What a run's loop is given: its plan, folder and engine, and how it begins and ends. */
export interface TrainOptions {
  /** What the names in the configuration mean. Default: everything that there is. */
  readonly tables?: ChoiceTables;
  readonly plan: TrainingPlan;
  readonly run: RunFolder;
  readonly engine: Engine;
  /** Continue from the run's checkpoint; from the start, if it has none yet. */
  readonly resume: boolean;
  /** Which weights the outcome has: those of the best evaluation, or of the last step. Default: `best`. */
  readonly keep?: 'best' | 'last' | undefined;
  /** Aborting finishes the step, writes a checkpoint and stops. */
  readonly signal?: AbortSignal | undefined;
  /** Called once everything that can refuse the run has been looked at, before anything in its folder is changed. */
  readonly onStart?: (() => Promise<void>) | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Seconds between checkpoints. Default 30. */
  readonly checkpointSeconds?: number | undefined;
}

/** How a session of a run ended, and with which weights. */
export interface TrainOutcome {
  readonly ended: 'completed' | 'stopped-early' | 'interrupted';
  readonly step: number;
  readonly images: number;
  /** Seconds spent on steps, over all sessions of the run; evaluation and start-up not counted. */
  readonly seconds: number;
  /** What the loader of batches could have delivered alone in this session; undefined if it had nothing to do. */
  readonly loaderImagesPerSecond: number | undefined;
  /**
   * Weights of the model: those of the best evaluation, the first of equal ones; the last, where nothing was held out, where
   * the last were asked for, and after an interruption.
   */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** The step these weights are from. */
  readonly weightsStep: number;
  /** On these weights; undefined if nothing was held out, or if the run was interrupted. */
  readonly evaluation: HeldOutEvaluation | undefined;
  readonly parameterCount: number;
}
