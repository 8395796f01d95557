import type { TrainingConfig } from '../training-config.ts';

/**
 * The epochs that were given, if so many steps can have come of them: `stepsPerEpoch` is the exact number of batches of an
 * epoch rounded up. Else about how many epochs these steps are.
 */
export function epochsLike({ stepsPerEpoch }: TrainingConfig, steps: number, given: number): number | string {
  const fewest = Math.floor(given * (stepsPerEpoch - 1));
  const most = Math.max(1, Math.ceil(given * stepsPerEpoch));
  return fewest <= steps && steps <= most ? given : `about ${Number((steps / stepsPerEpoch).toPrecision(3))}`;
}
