import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { exists } from '../../foundation/files/exists.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunProgress } from './run-progress.ts';

/** The best evaluation so far, as a checkpoint names it. */
export type BestState = NonNullable<RunProgress['best']>;

const nameOf = (step: number) => `best-${step}.safetensors`;
const fileOf = (run: RunFolder, { file }: BestState) =>
  file === undefined ? run.formerBest : path.join(run.folder, file);
const isName = (name: string) => /^best-\d+\.safetensors$/.test(name);

/**
 * Writes the weights of the best evaluation so far beside the run's checkpoint, in a file of their own, named by the step.
 * The file of the evaluation before stays until a checkpoint names this one (see `removeOtherBest`), so that whenever the
 * process dies, the checkpoint that is there names a whole file.
 *
 * Disk: at most three times the weights (those that the checkpoint names, these, and these being written), once the checkpoint
 * is written the weights once.
 */
export async function writeBest(
  run: RunFolder,
  step: number,
  score: number,
  tensors: ReadonlyMap<string, Tensor>,
): Promise<BestState> {
  const file = nameOf(step);
  await writeCheckpoint(path.join(run.folder, file), { step, tensors, state: { score } });
  return { step, score, file };
}

/**
 * The weights that a checkpoint names as the best.
 *
 * @throws if the file is not there, is damaged, or is of another step, naming it.
 */
export async function readBest(run: RunFolder, best: BestState): Promise<ReadonlyMap<string, Tensor>> {
  const file = fileOf(run, best);
  const { step, tensors } = await readCheckpoint(file);
  if (step === best.step) return tensors;
  throw new TrainingError(
    `'${file}' has the weights of step ${step}, and the best evaluation of the run was at step ${best.step}: bring the file back that was there, or start a new run`,
  );
}

/**
 * The best evaluation of a checkpoint as this version goes on with it: `null` where a run of an earlier version knows the
 * score of its best evaluation and has not kept its weights, so that the best has to be counted anew.
 *
 * @throws if weights that the checkpoint names cannot be read; as `readBest` does.
 */
export async function checkedBest(run: RunFolder, best: BestState): Promise<BestState | null> {
  if (best.file === undefined) {
    if (!(await exists(run.formerBest))) return null;
    // A run of an earlier version may have been killed between its best weights and the checkpoint that knows of them.
    if ((await readCheckpoint(run.formerBest)).step !== best.step) return null;
    return best;
  }
  await readBest(run, best);
  return best;
}

/** Removes weights of other evaluations than these; what cannot be removed stays. */
export async function removeOtherBest(run: RunFolder, kept: readonly (BestState | null)[]): Promise<void> {
  const named = new Set(kept.map((best) => best?.file));
  const names = await readdir(run.folder).catch(() => []);
  for (const name of names) {
    if (isName(name) && !named.has(name)) await rm(path.join(run.folder, name), { force: true }).catch(() => undefined);
  }
}
