import type { TrainOptions, TrainOutcome } from './train-options.ts';
import { TrainingSession } from './training-session.ts';

/**
 * Runs a plan's steps to the end, to early stopping, or until aborted; evaluates the held-out part, keeps the weights of the
 * best evaluation, logs, and writes checkpoints, the last of them always before it returns. Killed at any moment it loses at
 * most the steps since the last checkpoint; resumed it does the very steps that the uninterrupted run would have done.
 *
 * A resumed run that is refused has changed nothing in its folder.
 *
 * @throws TrainingFailure when the run is lost; the checkpoint of the last good moment stays.
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const session = await TrainingSession.open(options);
  try {
    await session.takeSteps();
    return await session.finish();
  } finally {
    await session.close();
  }
}
