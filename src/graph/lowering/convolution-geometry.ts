import { spatialAttributes, type WindowAttributes } from '../shape-inference/spatial.ts';
import { type Shape, staticShape } from '../tensor/shape.ts';

/**
 * Everything about a convolution but its numbers: `image` [batch, channels, ...size] and `kernel`
 * [filters, channels / groups, ...kernelSize] give `result` [batch, filters, ...resultSize].
 */
export interface ConvolutionGeometry {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
  /** Lengths along the spatial axes, as are all that follow. */
  readonly size: readonly number[];
  readonly resultSize: readonly number[];
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
}

/**
 * The geometry of a convolution from the shapes of its image, kernel and result. A transposed convolution is described as
 * the convolution that it transposes: its output is the image, its input the result.
 *
 * @throws if a length is only a name.
 */
export function convolutionGeometry(
  image: Shape,
  kernel: Shape,
  result: Shape,
  attributes: WindowAttributes & { readonly group: number },
): ConvolutionGeometry {
  const what = 'the gradient of a convolution';
  const [batch, channels, ...size] = staticShape(image, what);
  const [filters, , ...kernelSize] = staticShape(kernel, what);
  const [, , ...resultSize] = staticShape(result, what);
  const { strides, dilations, padsBegin, padsEnd } = spatialAttributes(attributes, size.length, kernelSize);
  const groups = attributes.group;
  return {
    batch,
    channels,
    filters,
    groups,
    size,
    resultSize,
    kernelSize,
    strides,
    dilations,
    padsBegin,
    padsEnd,
  };
}

/** Whether the kernel leaves out no row: its stride is 1 along all axes but the last. */
export const meetsEveryRow = ({ strides }: ConvolutionGeometry): boolean =>
  strides.slice(0, -1).every((stride) => stride === 1);
