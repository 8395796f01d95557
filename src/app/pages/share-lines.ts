import type { Calibration } from '../../evaluation/calibration/calibration.ts';

/** What the shares beside found images are, in plain words: where they were measured, and that it was not in the store. */
export function shareLines({ source, baseRate }: Calibration): string[] {
  const oneIn =
    baseRate === 0 ? 'no pair' : `one pair in ${Math.max(1, Math.round(1 / baseRate)).toLocaleString('en')}`;
  return [
    'percent: how many pairs of pictures at that distance were of one class where the model was calibrated:',
    `         among ${source}, where ${oneIn} was of one class`,
    "         the pictures of this store may have other shares: 'lookalike calibrate' measures on labelled pictures of yours",
    'alike, unsure, unlike: the same, had half of those pairs been of one class; it does not depend on how many were',
  ];
}
