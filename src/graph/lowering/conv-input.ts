import type { Value } from '../builder/graph.ts';
import { conv, convTranspose, reshape, slice, transpose } from '../builder/operations.ts';
import type { ConvolutionGeometry } from './convolution-geometry.ts';

/**
 * Gradient by the image of a convolution: each element of the result's gradient is spread over the window it came from.
 *
 * At stride 1 that is a convolution with the kernel flipped and its channel axes exchanged, on onnxruntime faster than the
 * transposed convolution that all other cases are.
 *
 * Shapes: `dResult` [batch, filters, ...resultSize], `kernel` [filters, channels / groups, ...kernelSize]; the result is
 * [batch, channels, ...size].
 */
export function convInputGradient(dResult: Value, kernel: Value, geometry: ConvolutionGeometry): Value {
  const { kernelSize, strides, dilations, padsBegin, padsEnd, groups } = geometry;
  const pads = [...padsBegin, ...padsEnd].map((count, place) => {
    const axis = place % kernelSize.length;
    return (kernelSize[axis] - 1) * dilations[axis] - count;
  });
  if (strides.every((stride) => stride === 1) && pads.every((count) => count >= 0)) {
    return conv(dResult, exchangeChannels(flip(kernel), geometry), undefined, {
      kernelShape: kernelSize,
      strides,
      dilations,
      pads,
      group: groups,
    });
  }
  return convTranspose(dResult, kernel, {
    kernelShape: kernelSize,
    strides,
    dilations,
    pads: [...padsBegin, ...padsEnd],
    outputPadding: skippedLengths(geometry),
    group: groups,
  });
}

/** Elements at the end of each axis that no window reached, because the stride skipped them. */
function skippedLengths(geometry: ConvolutionGeometry): number[] {
  const { size, resultSize, kernelSize, strides, dilations, padsBegin, padsEnd } = geometry;
  return size.map((length, axis) => {
    const extent = (kernelSize[axis] - 1) * dilations[axis] + 1;
    return length + padsBegin[axis] + padsEnd[axis] - extent - (resultSize[axis] - 1) * strides[axis];
  });
}

/** The kernel reversed along its spatial axes. */
function flip(kernel: Value): Value {
  const long = [...kernel.shape.entries()].filter(([axis, length]) => axis >= 2 && length !== 1);
  if (long.length === 0) return kernel;
  return slice(
    kernel,
    long.map(([axis]) => ({ axis, start: -1, end: -(2 ** 31 - 1), step: -1 })),
  );
}

/** [filters, channels / groups, ...] to [channels, filters / groups, ...], each group by itself. */
function exchangeChannels(kernel: Value, { filters, channels, groups, kernelSize }: ConvolutionGeometry): Value {
  const spatial = kernelSize.map((_, axis) => axis);
  if (groups === 1) return transpose(kernel, [1, 0, ...spatial.map((axis) => axis + 2)]);
  const grouped = reshape(kernel, [groups, filters / groups, channels / groups, ...kernelSize]);
  const exchanged = transpose(grouped, [0, 2, 1, ...spatial.map((axis) => axis + 3)]);
  return reshape(exchanged, [channels, filters / groups, ...kernelSize]);
}
