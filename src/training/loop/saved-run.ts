import { TrainingError } from '../../foundation/errors/training-error.ts';
import { AppendLog } from '../../foundation/files/append-log.ts';
import { codeOf } from '../../foundation/files/file-error.ts';
import type { JsonValue } from '../../foundation/files/json-value.ts';
import { checkedBest } from './best-weights.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import type { RunFolder } from './run-folder.ts';
import { progressSchema, type RunProgress } from './run-progress.ts';
import { readTrainingLog } from './training-log.ts';

/** What a run left behind to go on from. */
export interface SavedRun {
  readonly checkpoint: Checkpoint;
  readonly progress: RunProgress;
  /** True where a run of an earlier version knows its best evaluation but has not kept the weights: `progress.best` is null. */
  readonly bestLost: boolean;
}

/**
 * Reads a run's checkpoint, and the best weights that it names; undefined if there is no checkpoint yet. Nothing is changed.
 *
 * @param keep `last` for a run that keeps no best weights.
 * @throws if the checkpoint or the best weights are damaged, missing, or not of this version.
 */
export async function readSavedRun(run: RunFolder, keep: 'best' | 'last' = 'best'): Promise<SavedRun | undefined> {
  const checkpoint = await readCheckpoint(run.checkpoint).catch((error: unknown) => {
    if (error instanceof Error && codeOf(error.cause) === 'ENOENT') return undefined;
    throw error;
  });
  if (checkpoint === undefined) return undefined;
  const parsed = progressSchema.safeParse(checkpoint.state);
  if (!parsed.success) {
    throw new TrainingError(`'${run.checkpoint}' is no checkpoint of this version of lookalike: start a new run`);
  }
  const progress = parsed.data;
  if (keep === 'last') return { checkpoint, progress, bestLost: false };
  const best = progress.best === null ? null : await checkedBest(run, progress.best);
  return { checkpoint, progress: { ...progress, best }, bestLost: best === null && progress.best !== null };
}

/**
 * The lines of a run's log, first to last; none if it has no log yet. Nothing is changed: a last line that is not whole is
 * left out.
 *
 * @throws if the log cannot be read, or a line of it is damaged, naming the line.
 */
export async function readSavedLog(run: RunFolder): Promise<JsonValue[]> {
  const lines = await AppendLog.peek(run.log).catch((error: unknown) => {
    if (error instanceof Error && codeOf(error.cause) === 'ENOENT') return [];
    throw error;
  });
  readTrainingLog(lines);
  return lines;
}
