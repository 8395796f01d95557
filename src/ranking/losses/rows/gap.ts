import type { Distance } from '../../distances/distance.ts';

/**
 * Refuses a gap that no embedding can satisfy: on unit vectors a distance ends at `distance.largest`, so with a larger gap
 * every triplet stays active for ever.
 */
export function checkGap(gap: number, distance: Distance): number {
  if (!(gap > 0)) throw new Error(`the gap g must be above 0, got ${gap}: with no gap equal embeddings have no loss`);
  if (gap > distance.largest) {
    throw new Error(
      `the gap g = ${gap} is beyond ${distance.largest}, the largest ${distance.name} distance of two unit vectors: no triplet could ever satisfy it. Use a smaller gap (0.2 is usual)`,
    );
  }
  return gap;
}
