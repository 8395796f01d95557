import type { Value } from '../builder/graph.ts';
import { pad, slice } from '../builder/operations.ts';
import { sizeOf } from '../tensor/shape.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { ConvolutionGeometry } from './convolution-geometry.ts';

/** How a window moves over an image: one number a spatial axis in each list. */
export type SlidingWindow = Pick<
  ConvolutionGeometry,
  'size' | 'resultSize' | 'kernelSize' | 'strides' | 'dilations' | 'padsBegin'
>;

/**
 * The parts of an image [N, C, ...size] that each place of a window (a tap) sees, in row-major order of places: `size` becomes
 * `resultSize`. Around the image is `padding`. Default: zeros.
 */
export function tapsOf(image: Value, window: SlidingWindow, padding = 0): Value[] {
  const { kernelSize, resultSize, strides, dilations, padsBegin } = window;
  const padded = pad(image, [0, 0, ...padsBegin, 0, 0, ...endPads(window)], padding);
  return placesOf(kernelSize).map((place) => {
    const ranges = place.map((offset, axis) => {
      const start = offset * dilations[axis];
      const end = start + (resultSize[axis] - 1) * strides[axis] + 1;
      return { axis: axis + 2, start, end, step: strides[axis] };
    });
    const whole = ranges.every(({ axis, start, end, step }) => start === 0 && step === 1 && end === padded.shape[axis]);
    return whole ? padded : slice(padded, ranges);
  });
}

/** Elements behind the image that some window reads: less than the pads if a stride skips the last ones. */
export function endPads({ size, resultSize, kernelSize, strides, dilations, padsBegin }: SlidingWindow): number[] {
  return size.map((length, axis) => {
    const read = (resultSize[axis] - 1) * strides[axis] + (kernelSize[axis] - 1) * dilations[axis] + 1;
    return Math.max(0, read - padsBegin[axis] - length);
  });
}

/** Every place of a kernel in row-major order. */
function placesOf(kernelSize: readonly number[]): number[][] {
  return kernelSize.reduce<number[][]>(
    (places, length) => places.flatMap((place) => Array.from({ length }, (_, offset) => [...place, offset])),
    [[]],
  );
}

/** [channels taps, 1, ...kernelSize]: filter `c taps + k` is 1 at tap k, or at the k-th from the end, and 0 elsewhere. */
export function tapFilters(image: Value, channels: number, kernelSize: readonly number[], fromEnd = false): Value {
  const taps = sizeOf(kernelSize);
  const filters = tensor(image.type as 'float32' | 'float64', [channels * taps, 1, ...kernelSize]);
  for (let filter = 0; filter < channels * taps; filter++) {
    const tap = filter % taps;
    filters.data[filter * taps + (fromEnd ? taps - 1 - tap : tap)] = 1;
  }
  return image.graph.constant(filters as Tensor, 'tap_filters');
}
