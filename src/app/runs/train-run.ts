import type { TriedCalibration } from '../../evaluation/calibration/try-calibration.ts';
import type { EvaluationReport, TripletReport } from '../../evaluation/reports/evaluation-report.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import type { UnreadableImage } from '../../pictures/preparation/pixel-cache.ts';
import type { TrainingConfig } from '../../training/configuration/training-config.ts';
import type { Finding } from '../../training/doctor/finding.ts';
import type { NamedMeasures } from '../../training/doctor/unlearnt-baselines.ts';
import type { RunFolder } from '../../training/loop/run-folder.ts';
import type { TrainOutcome } from '../../training/loop/train-options.ts';
import type { LoadedWeights } from '../../training/weights/load-weights.ts';
import { checkTrainRunOptions } from './check-train-run-options.ts';
import { type ExecutedRun, executeRun } from './execute-run.ts';
import { planRun, type RunPlan } from './planning/plan-run.ts';
import type { Pretraining } from './pretrain.ts';
import { publishRun } from './publish-run.ts';
import type { TrainRunOptions } from './train-run-options.ts';

/** What a run has come to. */
export interface TrainRunResult {
  readonly run: RunFolder;
  readonly config: TrainingConfig;
  readonly outcome: Omit<TrainOutcome, 'weights'>;
  /** How the pictures that were kept from training are found among all pictures of the run (see docs/evaluation.md); undefined if none were kept. */
  readonly evaluation: EvaluationReport | TripletReport | undefined;
  /** What needs no training reaches on the same pictures: raw pixels, HOG, the packaged model, an ONNX backbone's untouched features; empty if no pictures were kept, or more than 20,000. */
  readonly baselines: readonly NamedMeasures[];
  /** What distances mean, or why the model does not say it; undefined without held-out pictures, and after an interruption. */
  readonly calibration: TriedCalibration | undefined;
  /** What the doctor found; after an interruption, in the course of the run alone. */
  readonly findings: readonly Finding[];
  /** SHA-256 over the training pictures. */
  readonly dataHash: string;
  readonly unreadable: readonly UnreadableImage[];
  /** Images of no class, which were left out. */
  readonly withoutClass: number;
  /** Images that give negatives only. */
  readonly negativesOnly: number;
  /** Listed triplets that were left out; see `TrainingData`. */
  readonly tripletsLeftOut: number;
  /** Of a new run: what came of the weights that were chosen. */
  readonly weights?: LoadedWeights | undefined;
  /** The softmax pre-training, if it was done now, or to its end. */
  readonly pretraining?: Pretraining | undefined;
  /** True once `model.onnx` is there: not after an interruption. */
  readonly finished: boolean;
}

/**
 * Trains a network from pictures to a model file: looks at the pictures, completes the configuration, trains in a thread of
 * its own, and writes `model.onnx`. An interrupted run has its checkpoint and no model yet; `resume` goes on with it.
 *
 * @throws UsageError before anything is read or written, if an option or a choice is wrong; if the folder holds a run and `resume` is false, or holds none and it is true; if another process trains into it;
 * as `planTraining` and `train` do.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  checkTrainRunOptions(options);
  throwIfAborted(options.signal);
  const plan = await planRun(options);
  try {
    const trained = await executeRun(plan, options);
    const published = trained.finished
      ? await publishRun(plan, trained, options)
      : {
          findings: trained.findings,
          evaluation: trained.outcome.evaluation?.report,
          baselines: [],
          calibration: undefined,
        };
    return resultOf(plan, trained, published);
  } finally {
    await plan.close();
  }
}

type Published = Pick<TrainRunResult, 'findings' | 'evaluation' | 'baselines' | 'calibration'>;

function resultOf({ run, training, loaded }: RunPlan, trained: ExecutedRun, published: Published): TrainRunResult {
  const { config, data } = training;
  const { weights: _, ...outcome } = trained.outcome;
  return {
    run,
    config,
    outcome,
    ...published,
    dataHash: data.hash,
    unreadable: data.unreadable,
    withoutClass: data.withoutClass,
    negativesOnly: data.negativesOnly,
    tripletsLeftOut: data.tripletsLeftOut,
    weights: loaded,
    pretraining: trained.pretraining,
    finished: trained.finished,
  };
}
