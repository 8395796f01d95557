import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import type { Calibration } from './calibration.ts';
import { type AlikeShare, shareAlike } from './share-alike.ts';

/** What a model's calibration says of a distance; undefined where it has none, or one of another distance. */
export function calibratedShare(
  calibration: Calibration | undefined,
  by: SearchDistanceName,
  distance: number,
): AlikeShare | undefined {
  return calibration?.distance === by ? shareAlike(calibration, distance) : undefined;
}
