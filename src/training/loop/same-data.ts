import { TrainingError } from '../../foundation/errors/training-error.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { TrainingData } from '../data/training-data.ts';
import type { RunFolder } from './run-folder.ts';

/**
 * Refuses to go on with, or to judge by, other pictures than a run's.
 *
 * @param startedWith the hash of the data that the run was started with.
 * @param next what to do about it.
 * @throws if the data have another hash.
 */
export function requireSameData(
  run: RunFolder,
  { sampler }: Pick<TrainingConfig, 'sampler'>,
  { hash }: Pick<TrainingData, 'hash'>,
  startedWith: string,
  next = 'bring them back, or start a new run',
): void {
  if (hash === startedWith) return;
  const file =
    sampler !== undefined && 'relevance' in sampler && 'file' in sampler.relevance
      ? ` or '${sampler.relevance.file}'`
      : '';
  throw new TrainingError(
    `the pictures${file} are not those that the run in '${run.folder}' was started with (hash ${hash.slice(0, 12)}, was ${startedWith.slice(0, 12)}): ${next}`,
  );
}
