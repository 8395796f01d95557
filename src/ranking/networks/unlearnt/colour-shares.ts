import type { Value } from '../../../graph/builder/graph.ts';
import {
  abs,
  cast,
  flatten,
  lengthOf,
  matMul,
  mul,
  relu,
  reshape,
  slice,
  sqrt,
  sub,
  transpose,
  unsqueeze,
} from '../../../graph/builder/operations.ts';
import { float32 } from '../../../graph/tensor/tensor.ts';
import { averaged } from './averaged.ts';

/** Pixels of the shorter side that colours are counted of, at least, where nothing else is said. */
const usualSide = 32;
/** Levels of each channel, where nothing else is said. */
const usualLevels = 6;

/** The length of what `colourShares` gives. */
export const colourLength = (levels = usualLevels): number => levels ** 3;

/**
 * Which colours a picture has, as nodes of a graph: the share of its pixels at each of L x L x L colours, as square roots, so that
 * the Euclidean distance of two pictures is `sqrt(2)` times Hellinger's. A channel's value counts at the two levels that it lies
 * between, by how near they are, so that no colour jumps from one box to the next; a pixel counts at the levels of red, green
 * and blue together. Where in the picture a colour is, is not said. Pictures are averaged in squares first, so that
 * the shorter side has at least `side` pixels, and less than twice as many.
 *
 * Formula: `sqrt(mean over pixels of t((L - 1) r - i) t((L - 1) g - j) t((L - 1) b - k))`, `t(x) = max(0, 1 - |x|)`.
 * Shapes: image [N, 3, H, W], values in 0..1, to [N, L^3] of unit length, red slowest.
 * Source: Swain and Ballard 1991 (colour indexing), boxes with soft edges instead of their hard ones; see `colourHistogram`.
 *
 * @param levels L, of each channel. Default: 6.
 * @param side Default: 32.
 */
export function colourShares(image: Value, levels = usualLevels, side = usualSide): Value {
  const small = averaged(image, side);
  const pixels = lengthOf(small, 2) * lengthOf(small, 3);
  const steps = Array.from({ length: levels }, (_, k) => k);
  const level = cast(image.graph.constant(float32([1, 1, levels, 1], steps), 'colour_levels'), image.type);
  const flat = reshape(small, [0, 3, 1, pixels]);
  const near = relu(sub(1, abs(sub(mul(flat, levels - 1), level))));
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    reshape(slice(near, [{ axis: 1, start: channel, end: channel + 1 }]), [0, levels, pixels]),
  );
  const both = reshape(mul(unsqueeze(red, [2]), unsqueeze(green, [1])), [0, levels ** 2, pixels]);
  return sqrt(mul(flatten(matMul(both, transpose(blue, [0, 2, 1]))), 1 / pixels));
}
