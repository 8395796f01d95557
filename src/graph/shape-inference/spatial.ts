import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type Dimension, formatShape, type Shape } from '../tensor/shape.ts';
import { unknownLength } from './lengths.ts';

/** The attributes of a convolution or a pool as a node has them: `[]` stands for ONNX's default. */
export interface WindowAttributes {
  readonly kernelShape: readonly number[];
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations?: readonly number[];
}

/** How a window moves over the spatial axes, one number an axis in each list, defaults filled in. */
export interface SpatialAttributes {
  readonly kernelShape: readonly number[];
  readonly strides: readonly number[];
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
  readonly dilations: readonly number[];
}

/**
 * Fills in what `[]` stands for: strides and dilations of 1, no pads, and for a convolution the kernel of its weights,
 * whose spatial lengths are `weightLengths`.
 *
 * @param attributes `pads` has a beginning for each spatial axis, then an end for each.
 * @param rank the number of spatial axes.
 * @throws if a list has another length, a number is out of range, or the kernel is not the weights'.
 */
export function spatialAttributes(
  attributes: WindowAttributes,
  rank: number,
  weightLengths?: readonly number[],
): SpatialAttributes {
  const { kernelShape, strides, pads, dilations = [] } = attributes;
  const kernel = kernelShape.length === 0 && weightLengths !== undefined ? weightLengths : kernelShape;
  const allPads = listOf('pads', pads, 2 * rank, 0, 0);
  if (weightLengths?.some((length, axis) => length !== kernel[axis])) {
    throw new GraphError(
      `kernelShape ${formatShape(kernel)} is not that of the weights, ${formatShape(weightLengths)}`,
    );
  }
  return {
    kernelShape: listOf('kernelShape', kernel, rank, 1),
    strides: listOf('strides', strides, rank, 1, 1),
    padsBegin: allPads.slice(0, rank),
    padsEnd: allPads.slice(rank),
    dilations: listOf('dilations', dilations, rank, 1, 1),
  };
}

function listOf(
  name: string,
  given: readonly number[],
  count: number,
  least: number,
  otherwise?: number,
): readonly number[] {
  if (given.length === 0 && otherwise !== undefined) return new Array<number>(count).fill(otherwise);
  if (given.length !== count || given.some((value) => !Number.isInteger(value) || value < least)) {
    throw new GraphError(`${name} must be ${count} whole numbers of at least ${least}, got [${given.join(', ')}]`);
  }
  return given;
}

/** Elements from the first to the last that a kernel touches along an axis: `(kernel - 1) * dilation + 1`. */
export function kernelExtent(spatial: SpatialAttributes, axis: number): number {
  return (spatial.kernelShape[axis] - 1) * spatial.dilations[axis] + 1;
}

/**
 * How many windows fit along each spatial axis: the output lengths of a convolution or a pool,
 * `floor((length + pads - extent) / stride) + 1`. With `ceilMode` the last window may reach beyond the end pad (`ceil` for
 * `floor`) as long as it starts inside the input or the begin pad. A named length stays where stride 1 and the pads make
 * the output as long as the input.
 *
 * Source: https://onnx.ai/onnx/operators/onnx__MaxPool.html (the rule for the last window is worded from opset 22 on).
 *
 * @throws if no window fits, or the output length depends on a named one.
 */
export function windowCounts<D extends Dimension>(
  lengths: readonly D[],
  spatial: SpatialAttributes,
  ceilMode = false,
): (D | number)[] {
  return lengths.map((length, axis) => {
    const [stride, begin, end] = [spatial.strides[axis], spatial.padsBegin[axis], spatial.padsEnd[axis]];
    const extent = kernelExtent(spatial, axis);
    if (typeof length !== 'number') {
      if (stride === 1 && begin + end === extent - 1) return length;
      throw unknownLength(
        `spatial axis ${axis} of the output`,
        `(${length} + ${begin + end} - ${extent}) / ${stride} + 1`,
        [`${length}`],
      );
    }
    const room = length + begin + end - extent;
    const whole = (ceilMode ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
    const count = ceilMode && (whole - 1) * stride >= length + begin ? whole - 1 : whole;
    if (count < 1) {
      throw new GraphError(
        `the window does not fit: spatial axis ${axis} of ${formatShape(lengths)} has ${length} elements and pads of ` +
          `${begin} and ${end}, but the kernel spans ${extent}`,
      );
    }
    return count;
  });
}

/**
 * Spatial lengths whose windows are put back: the output of a transposed convolution or an unpooling,
 * `(length - 1) * stride + extent - pads + outputPadding`. The inverse of `windowCounts` up to what a stride skips at the
 * end.
 *
 * @throws if nothing is left between the pads, or the output length depends on a named one.
 */
export function transposedLengths<D extends Dimension>(
  lengths: readonly D[],
  spatial: SpatialAttributes,
  outputPadding: readonly number[],
): (D | number)[] {
  return lengths.map((length, axis) => {
    const stride = spatial.strides[axis];
    const extra = kernelExtent(spatial, axis) - spatial.padsBegin[axis] - spatial.padsEnd[axis] + outputPadding[axis];
    if (typeof length !== 'number') {
      if (stride === 1 && extra === 1) return length;
      throw unknownLength(`spatial axis ${axis} of the output`, `(${length} - 1) * ${stride} + ${extra}`, [
        `${length}`,
      ]);
    }
    const result = (length - 1) * stride + extra;
    if (result >= 1) return result;
    throw new GraphError(
      `nothing is left of spatial axis ${axis} of ${formatShape(lengths)}: stride ${stride}, kernel and pads make its ` +
        `output length ${result}`,
    );
  });
}

/** The spatial lengths of `N x C x D1 x ...` or of weights: all axes but the first two. */
export function spatialLengths(shape: Shape): Shape {
  return shape.slice(2);
}
