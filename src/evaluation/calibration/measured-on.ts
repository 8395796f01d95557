import type { Calibration } from './calibration.ts';

/** What a document says of the pictures that a calibration's shares were measured on. */
export function measuredOn({ source, images, classes, baseRate }: Calibration) {
  return { source, images, classes, baseRate };
}
