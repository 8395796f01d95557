import { exists } from '../../foundation/files/exists.ts';
import { writeJsonAtomically } from '../../foundation/files/write-atomically.ts';
import type { FeatureTable } from '../../training/data/feature-table.ts';
import type { Finding } from '../../training/doctor/finding.ts';
import { frozenFeatures } from '../../training/features/frozen-features.ts';
import { startRun } from '../../training/loop/run-folder.ts';
import { recordRunImages } from '../../training/loop/run-images.ts';
import { train } from '../../training/loop/train.ts';
import type { TrainOutcome } from '../../training/loop/train-options.ts';
import type { TrainingPlan } from '../../training/planning/plan-training.ts';
import { otherOneDnn } from './planning/choose-engine.ts';
import type { RunPlan } from './planning/plan-run.ts';
import { type Pretraining, pretrain, withPretraining } from './pretrain.ts';
import type { TrainRunOptions } from './train-run-options.ts';
import { TrainingDoctor } from './training-doctor.ts';

/** What the training came to. */
export type ExecutedRun = FinishedTraining | InterruptedTraining;

/** Trained to the end, or to early stopping; it can be published. */
export interface FinishedTraining {
  readonly finished: true;
  readonly outcome: TrainOutcome;
  /** The softmax pre-training, if it was done now, or to its end. */
  readonly pretraining: Pretraining | undefined;
  /** Watched the ranking. */
  readonly doctor: TrainingDoctor;
  /** What a frozen trunk makes of the pictures, where it was computed before training. */
  readonly features: FeatureTable | undefined;
}

/** Stopped with a checkpoint; it can be resumed. */
export interface InterruptedTraining {
  readonly finished: false;
  /** Of the ranking, or of the softmax pre-training, if that was interrupted. */
  readonly outcome: TrainOutcome;
  readonly pretraining: Pretraining | undefined;
  /** What the course of the ranking shows so far. */
  readonly findings: readonly Finding[];
}

/**
 * Trains by a plan: the softmax pre-training where there is one, the features of a frozen trunk, the ranking. Of a new run the
 * configuration is written first, so that it can be resumed from then on.
 *
 * @throws as `startRun`, `pretrain`, `frozenFeatures` and `train` do.
 */
export async function executeRun(plan: RunPlan, options: TrainRunOptions): Promise<ExecutedRun> {
  const { run, training, engine } = plan;
  await beginRun(plan, options);
  const pretraining = await pretrained(plan, options);
  if (pretraining?.outcome.ended === 'interrupted') {
    return { finished: false, outcome: pretraining.outcome, pretraining, findings: [] };
  }
  const features = await trunkFeatureTable(plan, options);
  const doctor = await TrainingDoctor.start(run, training, plan.dataset, options.onEvent);
  const outcome = await train({
    plan: rankingPlan(training, pretraining, features),
    run,
    engine,
    resume: plan.resumed && plan.start === undefined,
    signal: options.signal,
    onStart: doctor.begin,
    onEvent: doctor.event,
    checkpointSeconds: options.checkpointSeconds,
  });
  // Only now is it sure that they are the pictures that the run was started with.
  if (plan.resumed) await rememberImages(plan);
  if (outcome.ended === 'interrupted') {
    return { finished: false, outcome, pretraining, findings: await doctor.interrupted() };
  }
  if (plan.start === undefined) return { finished: true, outcome, pretraining, doctor, features };
  const { report } = plan.start;
  const evaluation = { score: report.measures.mapAtR.value, report };
  return { finished: true, outcome: { ...outcome, evaluation }, pretraining, doctor, features };
}

/** Writes what a new run is resumed by; of one that goes on, says where this machine computes other bits. */
async function beginRun(plan: RunPlan, { onEvent, onPlan, onWeights }: TrainRunOptions): Promise<void> {
  const { run, training, loaded } = plan;
  if (plan.start !== undefined && plan.resumed) {
    await writeJsonAtomically(run.config, training.config);
  } else if (plan.resumed) {
    const message = otherMachine(plan);
    if (message !== undefined) onEvent?.({ kind: 'warning', message });
  } else {
    await startRun(run, training.config, training.backboneFile);
    await rememberImages(plan);
  }
  onPlan?.(training, run);
  if (loaded !== undefined) onWeights?.(loaded);
}

function otherMachine({ training, onednn: here, engine: { block } }: RunPlan): string | undefined {
  const { convolutionBlock, onednn } = training.config.engine;
  if (onednn !== undefined && here !== undefined) return otherOneDnn(onednn, here);
  if (convolutionBlock === block) return undefined;
  return `the run was started where convolutions have blocks of ${convolutionBlock} channels, here they have ${block}: it goes on, but not bit for bit as it would have there`;
}

async function rememberImages({ run, location }: RunPlan): Promise<void> {
  if (location !== undefined) await recordRunImages(run, location);
}

/** The softmax pre-training, if the run has one and the ranking has not begun yet. */
async function pretrained(
  { run, training, engine }: RunPlan,
  { signal, checkpointSeconds, onPretraining }: TrainRunOptions,
): Promise<Pretraining | undefined> {
  if (training.config.pretraining === undefined || (await exists(run.checkpoint))) return undefined;
  return pretrain({ plan: training, run, engine, signal, checkpointSeconds, onEvent: onPretraining });
}

/** What a frozen trunk makes of the pictures, where it is computed before training. */
async function trunkFeatureTable(
  { training: { config, data, trunk }, engine }: RunPlan,
  { featureCache, signal, onProgress, onEvent }: TrainRunOptions,
): Promise<FeatureTable | undefined> {
  if (trunk?.config.cached !== true || config.steps === 0) return undefined;
  const { table } = await frozenFeatures(engine, config, trunk, data, {
    cache: featureCache,
    signal,
    onProgress,
    onWarning: (message) => onEvent?.({ kind: 'warning', message }),
  });
  return table;
}

/** The plan of the ranking, with what came before it. */
function rankingPlan(
  plan: TrainingPlan,
  pretraining: Pretraining | undefined,
  features: FeatureTable | undefined,
): TrainingPlan {
  const begun = pretraining === undefined ? plan : withPretraining(plan, pretraining);
  return features === undefined ? begun : { ...begun, data: { ...begun.data, features } };
}
