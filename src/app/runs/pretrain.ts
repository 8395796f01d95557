import path from 'node:path';
import type { Engine } from '../../engines/engine.ts';
import { writeJsonAtomically } from '../../foundation/files/write-atomically.ts';
import { classifierParameters } from '../../ranking/losses/softmax-classification.ts';
import type { TrainingConfig } from '../../training/configuration/training-config.ts';
import { makeRunFolder, type RunFolder, runFolder } from '../../training/loop/run-folder.ts';
import { train } from '../../training/loop/train.ts';
import type { TrainingEvent, TrainOutcome } from '../../training/loop/train-options.ts';
import type { TrainingPlan } from '../../training/planning/plan-training.ts';
import { pretrainingConfig } from '../../training/planning/pretraining-config.ts';

/** A softmax pre-training, at its end or interrupted. */
export interface Pretraining {
  readonly run: RunFolder;
  readonly config: TrainingConfig;
  readonly outcome: TrainOutcome;
  /** What was learnt and is not used any more: the classification layer. */
  readonly thrownAway: readonly string[];
}

/** What the ConvNet is pre-trained by, before the ranking loss: a plan of its own in a folder of its own. */
export interface PretrainOptions {
  readonly plan: TrainingPlan;
  readonly run: RunFolder;
  readonly engine: Engine;
  readonly signal?: AbortSignal | undefined;
  readonly checkpointSeconds?: number | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}

/** Where the pre-training of a run is: a run of its own, in the folder `pretraining`. */
export const pretrainingFolder = (run: RunFolder): RunFolder => runFolder(path.join(run.folder, 'pretraining'));

/**
 * Trains the ConvNet of a run as a classifier of the run's classes, before the ranking. It is a run in itself, with its own
 * configuration, log and checkpoint: interrupted, it goes on where it stood; at its end already, it gives what it gave. Its
 * ConvNet after the last step is what the ranking starts with; the classification layer and the optimiser's state are thrown
 * away.
 *
 * Source: Wang et al. 2014, section 5.3.
 *
 * @throws as `pretrainingConfig` and `train` do.
 */
export async function pretrain({ plan, run, engine, ...options }: PretrainOptions): Promise<Pretraining> {
  const own = pretrainingFolder(run);
  const config = pretrainingConfig(plan.config, plan.data);
  const onStart = async () => {
    await makeRunFolder(own);
    await writeJsonAtomically(own.config, config);
  };
  const outcome = await train({
    ...options,
    plan: { ...plan, config },
    run: own,
    engine,
    resume: true,
    keep: 'last',
    onStart,
  });
  return { run: own, config, outcome, thrownAway: classifierParameters };
}

/** The plan whose ConvNet starts as it was pre-trained; paths and embedding start as they would have. */
export function withPretraining(plan: TrainingPlan, { outcome }: Pretraining): TrainingPlan {
  const convNet = [...outcome.weights].filter(([name]) => name.startsWith('backbone.'));
  return { ...plan, initial: new Map([...(plan.initial ?? []), ...convNet]) };
}
