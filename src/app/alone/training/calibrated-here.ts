import type { ModelMetadata } from '../../../catalogue/embedding/model-metadata.ts';
import { type TriedCalibration, tryCalibration } from '../../../evaluation/calibration/try-calibration.ts';
import type { UnseenRows } from './fit-head.ts';
import type { LabelledPictures } from './labelled-pictures.ts';

/** What distances are calibrated by: pictures whose classes were not learnt, by the new model or heads that were made alike. */
export interface CalibrateHereOptions extends UnseenRows {
  readonly distance: ModelMetadata['distance'];
  readonly seed: number;
}

/** Calibrates a model that was trained in the page, by the function that `train` calibrates by in Node. */
export function calibratedHere({ data, labels, parts, distance, seed }: CalibrateHereOptions): TriedCalibration {
  if (labels.length === 0) return { refused: 'no picture could be kept aside to calibrate it by' };
  const source = `${labels.length} pictures that were not learnt, in a page`;
  return tryCalibration({
    embeddings: data,
    dimension: data.length / labels.length,
    labels,
    distance,
    seed,
    source,
    parts,
  });
}

/** The pictures that were kept aside, as one part. @param embeddings rows of all labelled pictures. */
export function heldOutRows(embeddings: Float32Array, { labels, heldOut }: LabelledPictures): UnseenRows {
  const dimension = embeddings.length / labels.length;
  const data = new Float32Array(heldOut.length * dimension);
  for (const [row, place] of heldOut.entries()) {
    data.set(embeddings.subarray(place * dimension, (place + 1) * dimension), row * dimension);
  }
  return { data, labels: heldOut.map((place) => labels[place]), parts: [heldOut.length] };
}

/** What people are told of it. */
export function calibrationRemark(tried: TriedCalibration): string {
  if ('refused' in tried) return `It has no calibration: ${tried.refused}.`;
  const { source, unsure } = tried.calibration;
  return `It is calibrated on ${source}: nearer than ${unsure.from.toFixed(2)} two are probably alike, further than ${unsure.to.toFixed(2)} probably not.`;
}
