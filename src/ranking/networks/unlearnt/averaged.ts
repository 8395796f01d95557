import type { Value } from '../../../graph/builder/graph.ts';
import { averagePool, lengthOf } from '../../../graph/builder/operations.ts';

/** By how much pictures are made smaller so that their shorter side has at least `side` pixels, and less than twice as many. */
export const averagingFactor = (height: number, width: number, side: number): number =>
  Math.max(1, Math.floor(Math.min(height, width) / side));

/** Sides of what `averaged` gives. */
export function averagedSides(height: number, width: number, side: number): readonly [number, number] {
  const factor = averagingFactor(height, width, side);
  return [Math.floor(height / factor), Math.floor(width / factor)];
}

/**
 * A picture made small: its pixels are averaged in squares, so that its shorter side has at least `side` of them. Pixels that make
 * no whole square are left out. Shapes: [N, C, H, W] to [N, C, h, w].
 */
export function averaged(image: Value, side: number): Value {
  const factor = averagingFactor(lengthOf(image, 2), lengthOf(image, 3), side);
  if (factor === 1) return image;
  return averagePool(image, { kernelShape: [factor, factor], strides: [factor, factor] });
}
