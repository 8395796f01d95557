import { kernelExtent, type SpatialAttributes } from '../../../graph/shape-inference/spatial.ts';
import { sizeOf } from '../../../graph/tensor/shape.ts';
import { int64s } from '../library/onednn-objects.ts';

/** How a window moves, as oneDNN takes it: a dilation of 0 leaves nothing out. */
export interface Window {
  readonly strides: BigInt64Array;
  readonly kernel: BigInt64Array;
  readonly dilations: BigInt64Array;
  readonly before: BigInt64Array;
  readonly behind: BigInt64Array;
}

/**
 * A window over images of `lengths` that gives `results` windows an axis. The pad behind is as long as the last window needs,
 * which may reach beyond ONNX's own where lengths are rounded up.
 */
export function windowOf(spatial: SpatialAttributes, lengths: readonly number[], results: readonly number[]): Window {
  const behind = lengths.map((length, axis) => {
    const end = (results[axis] - 1) * spatial.strides[axis] + kernelExtent(spatial, axis);
    return Math.max(spatial.padsEnd[axis], end - length - spatial.padsBegin[axis]);
  });
  return {
    strides: int64s(spatial.strides),
    kernel: int64s(spatial.kernelShape),
    dilations: int64s(spatial.dilations.map((dilation) => dilation - 1)),
    before: int64s(spatial.padsBegin),
    behind: int64s(behind),
  };
}

/** Floating-point operations of a convolution: a product and a sum for each weight at each place of each result. */
export function convolutionWork(weights: readonly number[], result: readonly number[]): number {
  return 2 * sizeOf(result) * sizeOf(weights.slice(1));
}
