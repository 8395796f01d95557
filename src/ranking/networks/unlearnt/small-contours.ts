import type { Value } from '../../../graph/builder/graph.ts';
import { averaged, averagedSides } from './averaged.ts';
import { cellsAcross, contourLength, orientedGradients } from './oriented-gradients.ts';

/** Pixels of the shorter side that contours are taken from, at least. */
const side = 64;

/**
 * Histograms of oriented gradients of a picture that is first made small, so that they say what its contours are and nothing of
 * its grain; see `orientedGradients`. A shorter side of 64 to 127 pixels is left.
 *
 * Shapes: image [N, C, H, W], values in 0..1, to [N, F] of unit length; F is `smallContourLength(H, W)`.
 */
export const smallContours = (image: Value): Value => orientedGradients(averaged(image, side));

/** The length of what `smallContours` gives. */
export const smallContourLength = (height: number, width: number): number =>
  contourLength(...averagedSides(height, width, side));

/** False for pictures that are too small to have contours. */
export const hasContours = (height: number, width: number): boolean => Math.min(height, width) >= 2 * cellsAcross;
