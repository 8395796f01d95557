import type { Calibration } from '../../evaluation/calibration/calibration.ts';

/** A run's calibration in a line, or why it has none. */
export function calibrationLine(found: { readonly calibration: Calibration } | { readonly refused: string }): string {
  if ('refused' in found) return `not calibrated: ${found.refused}`;
  const { source, pairs, unsure } = found.calibration;
  return (
    `calibrated on ${source}, ${pairs.alike} pairs of one class and ${pairs.unlike} of two: ` +
    `pairs nearer than ${unsure.from.toFixed(2)} are probably alike, those beyond ${unsure.to.toFixed(2)} probably not`
  );
}
