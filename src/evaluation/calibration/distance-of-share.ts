import type { Calibration } from './calibration.ts';
import { shareAlike } from './share-alike.ts';

/** Halvings after which a double has no more digits. */
const halvings = 60;

/**
 * The largest distance at which at least this share of pairs was alike, among all pairs as they came (`AlikeShare.natural`). Shares fall
 * with the distance, so that it is found by halving; beyond the curve's end it is that end.
 *
 * @returns undefined if the share is not reached even at distance 0.
 */
export function distanceOfShare(calibration: Calibration, share: number): number | undefined {
  const reaches = (distance: number) => shareAlike(calibration, distance).natural >= share;
  if (!reaches(0)) return undefined;
  let far = calibration.steps[calibration.steps.length - 1].to;
  if (reaches(far)) return far;
  let near = 0;
  for (let n = 0; n < halvings; n++) {
    const middle = (near + far) / 2;
    if (reaches(middle)) near = middle;
    else far = middle;
  }
  return near;
}
