import { objectWith } from '../../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../../foundation/arguments/check-options.ts';
import { UsageError } from '../../../foundation/errors/usage-error.ts';
import type { Distance } from '../../distances/distance.ts';

/**
 * Refuses a gap that no embedding can satisfy: on unit vectors a distance ends at `distance.largest`, so with a larger gap
 * every triplet stays active for ever.
 */
export function checkGap(gap: number, distance: Distance): number {
  checkArgument(
    distance,
    objectWith('a distance', ['between', 'pairwise'], 'distanceByName(name) gives one'),
    'distance',
  );
  if (!(gap > 0)) {
    const message = `the gap g must be above 0, got ${gap}: with no gap equal embeddings have no loss`;
    throw new UsageError(message, { path: 'gap', expected: 'a number above 0', value: gap });
  }
  if (gap > distance.largest) {
    throw new UsageError(
      `the gap g = ${gap} is beyond ${distance.largest}, the largest ${distance.name} distance of two unit vectors: no triplet could ever satisfy it. Use a smaller gap (0.2 is usual)`,
      { path: 'gap', expected: `at most ${distance.largest}`, value: gap },
    );
  }
  return gap;
}
