import { sizeOf } from '../tensor/shape.ts';
import { type ConvolutionGeometry, meetsEveryRow } from './convolution-geometry.ts';

/**
 * How the weight gradient of a convolution is computed. All forms give the same numbers up to rounding; they differ in speed
 * and memory.
 *
 * - `taps`: for each place of the kernel (a tap) the part of the image that it saw, shifted and strided, as one matrix
 *   product an image with the result's gradient; then a sum over the batch.
 * - `unfolded`: the parts of all taps at once, kernel-size times the image's memory, and one product an image; then a sum
 *   over the batch.
 * - `batched-unfolded`: the same, reordered so that the batch belongs to the positions: one product, whose inner axis is
 *   batch x positions. For few positions.
 * - `split-unfolded`: the image unfolded along the last axis and the gradient along those before it, so that one product an
 *   image holds all taps: of 3 x 3 taps six copies instead of nine. Where the kernel leaves out rows it is `unfolded`.
 * - `transposed-conv`: one convolution over the transposed image with the transposed gradient as its kernel, strides and
 *   dilations exchanged. For large kernels over small results.
 */
export type ConvWeightForm = (typeof convWeightForms)[number];

/** Every form. */
export const convWeightForms = ['taps', 'unfolded', 'batched-unfolded', 'split-unfolded', 'transposed-conv'] as const;

/** Picks the form for a convolution. */
export type ChooseConvWeightForm = (geometry: ConvolutionGeometry) => ConvWeightForm;

/** Most elements of an unfolded image: beyond them its memory costs more than it saves. */
const mostUnfolded = 2 ** 25;

/** Positions of one image (14 x 14) up to which it is worth while to bring the batch to them. */
const fewPositions = 196;
/** Positions (about 45 x 45) from which six copies and wide products gain more than the padded rows cost. */
const manyPositions = 2048;

/** Whether unfolding image and gradient apart copies no more than all taps of the image: not where filters outnumber channels by far. */
function splitCopiesLess({ channels, filters, kernelSize }: ConvolutionGeometry): boolean {
  const rows = sizeOf(kernelSize.slice(0, -1));
  const columns = kernelSize[kernelSize.length - 1];
  return filters * rows + channels * columns <= channels * rows * columns;
}

/** The form that was fastest on onnxruntime's CPU build with two threads. */
export const fastestConvWeightForm: ChooseConvWeightForm = (geometry) => {
  const taps = sizeOf(geometry.kernelSize);
  const positions = sizeOf(geometry.resultSize);
  if (taps >= 25) return 'transposed-conv';
  if (geometry.batch * geometry.channels * taps * positions > mostUnfolded) {
    const split = positions >= manyPositions && meetsEveryRow(geometry) && splitCopiesLess(geometry);
    return split ? 'split-unfolded' : 'taps';
  }
  return positions <= fewPositions ? 'batched-unfolded' : 'unfolded';
};
