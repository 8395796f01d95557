import { refuseLocked } from '../../../foundation/files/lock.ts';
import type { TrainingChoices } from '../../../training/configuration/training-choices.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import { refuseOtherChoices } from '../../../training/loop/refuse-other-choices.ts';
import { type RunFolder, readRunConfig } from '../../../training/loop/run-folder.ts';
import { readSavedLog, readSavedRun } from '../../../training/loop/saved-run.ts';
import { pretrainingFolder } from '../pretrain.ts';

/** A run that can be gone on with, as far as its own files tell. */
export interface ResumableRun {
  readonly config: TrainingConfig;
  /** The hash of the data that it was started with; undefined before its first checkpoint. */
  readonly dataHash: string | undefined;
}

/** What is done with a run that is locked, for errors. */
export const trainingOf = ({ folder }: RunFolder) => `'${folder}' is being trained`;

/**
 * Looks at everything in a run's folder that it takes to go on with it, before anybody looks at pictures. Nothing is changed.
 *
 * @throws if there is no run; if another process trains it; if other choices than the run's are given; if configuration,
 * checkpoint, best weights or log are damaged, its own or its pre-training's.
 */
export async function resumableRun(run: RunFolder, choices: TrainingChoices): Promise<ResumableRun> {
  const config = await readRunConfig(run);
  await refuseLocked(run.lock, trainingOf(run));
  refuseOtherChoices(run, choices, config);
  await readSavedLog(run);
  const saved = await readSavedRun(run);
  if (saved !== undefined) return { config, dataHash: saved.progress.dataHash };
  if (config.pretraining === undefined) return { config, dataHash: undefined };
  const before = pretrainingFolder(run);
  await readSavedLog(before);
  return { config, dataHash: (await readSavedRun(before, 'last'))?.progress.dataHash };
}
