import type { Value } from '../../graph/builder/graph.ts';
import { averagePool, lengthOf } from '../../graph/builder/operations.ts';
import { cellsAcross, contourLength, orientedGradients } from './oriented-gradients.ts';

/** Pixels of the shorter side that contours are taken from, at least. */
const side = 64;

/** By how much a picture is made smaller before: its pixels are averaged in squares of so many a side. */
const factorOf = (height: number, width: number): number => Math.max(1, Math.floor(Math.min(height, width) / side));

/**
 * Histograms of oriented gradients of a picture that is first made small, so that they say what its contours are and nothing of
 * its grain; see `orientedGradients`. A shorter side of 64 to 127 pixels is left.
 *
 * Shapes: image [N, C, H, W], values in 0..1, to [N, F] of unit length; F is `smallContourLength(H, W)`.
 */
export function smallContours(image: Value): Value {
  const factor = factorOf(lengthOf(image, 2), lengthOf(image, 3));
  if (factor === 1) return orientedGradients(image);
  return orientedGradients(averagePool(image, { kernelShape: [factor, factor], strides: [factor, factor] }));
}

/** The length of what `smallContours` gives. */
export function smallContourLength(height: number, width: number): number {
  const factor = factorOf(height, width);
  return contourLength(Math.floor(height / factor), Math.floor(width / factor));
}

/** False for pictures that are too small to have contours. */
export const hasContours = (height: number, width: number): boolean => Math.min(height, width) >= 2 * cellsAcross;
