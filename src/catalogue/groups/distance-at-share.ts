import { distanceOfShare } from '../../evaluation/calibration/distance-of-share.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import type { ModelMetadata } from '../embedding/model-metadata.ts';

/**
 * The distance within which at least a share of pairs was alike, by the calibration of a model.
 *
 * @throws UsageError if the model has no calibration of that distance, or no distance reaches the share.
 */
export function distanceAtShare(
  { calibration }: Pick<ModelMetadata, 'calibration'>,
  distance: SearchDistanceName,
  share: number,
): number {
  const wrong = (why: string) =>
    new UsageError(`${why}: give the largest distance instead`, {
      path: 'options.minAlike',
      expected: 'a share that the calibration reaches',
      value: share,
    });
  if (calibration === undefined || calibration.distance !== distance) {
    const has = calibration === undefined ? 'is not calibrated' : `is calibrated for ${calibration.distance} distances`;
    throw wrong(`a share of alike pairs needs a calibration of ${distance} distances, and the model ${has}`);
  }
  const found = distanceOfShare(calibration, share);
  if (found === undefined) throw wrong(`no distance has a share of ${share} of alike pairs by the model's calibration`);
  return found;
}
