import type { Value } from '../../../graph/builder/graph.ts';
import { flatten, l2Normalize, reduceMean, sub } from '../../../graph/builder/operations.ts';
import { averaged, averagedSides } from './averaged.ts';

/** Pixels of the shorter side, at least. */
const side = 16;

/** The length of what `lowResolution` gives. */
export function lowResolutionLength(height: number, width: number): number {
  const [rows, columns] = averagedSides(height, width, side);
  return 3 * rows * columns;
}

/**
 * A picture at low resolution: its pixels averaged in squares, 16 along the shorter side, less their mean. What lies where, and in
 * which colour, without any detail: a linear map of it is a low-resolution path that needs no steps of training.
 *
 * Shapes: image [N, 3, H, W] to [N, 3 h w] of unit length; a picture of one grey gives zeros.
 * Source: Wang et al. 2014, section 4 (paths on subsampled pictures); Torralba, Fergus and Freeman 2008, "80 million tiny images".
 */
export function lowResolution(image: Value): Value {
  const small = averaged(image, side);
  return l2Normalize(flatten(sub(small, reduceMean(small, [1, 2, 3], true))));
}
