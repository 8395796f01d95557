import { sizeOf } from '../tensor/shape.ts';
import type { ConvolutionGeometry } from './convolution-geometry.ts';

/**
 * How the weight gradient of a convolution is computed. All forms give the same numbers up to rounding; they differ in speed
 * and memory.
 *
 * - `taps`: for each place of the kernel (a tap) the part of the image that it saw, shifted and strided, as one matrix
 *   product an image with the result's gradient; then a sum over the batch.
 * - `batched-taps`: image and gradient are first reordered so that the batch belongs to the positions: one product a tap,
 *   whose inner axis is batch x positions. For few positions.
 * - `gathered-taps`: the parts of all taps side by side, kernel-size times the image's memory, and one product an image. For
 *   few channels.
 * - `transposed-conv`: one convolution over the transposed image with the transposed gradient as its kernel, strides and
 *   dilations exchanged. For large kernels over small results.
 */
export type ConvWeightForm = (typeof convWeightForms)[number];

/** Every form. */
export const convWeightForms = ['taps', 'batched-taps', 'gathered-taps', 'transposed-conv'] as const;

/** Picks the form for a convolution. */
export type ChooseConvWeightForm = (geometry: ConvolutionGeometry) => ConvWeightForm;

/** The form that was fastest on onnxruntime's CPU build with two threads. */
export const fastestConvWeightForm: ChooseConvWeightForm = (geometry) => {
  const taps = sizeOf(geometry.kernelSize);
  const positions = sizeOf(geometry.resultSize);
  if (taps >= 25) return 'transposed-conv';
  if (geometry.channels / geometry.groups <= 4) return 'gathered-taps';
  return positions <= 64 ? 'batched-taps' : 'taps';
};
