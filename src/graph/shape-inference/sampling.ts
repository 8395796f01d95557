import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { type Dimension, formatShape, type Shape } from '../tensor/shape.ts';
import { toNumbers } from '../tensor/tensor.ts';
import { constant, constantIntegers } from './constant-input.ts';
import { expectSameLength, unknownLength } from './lengths.ts';
import { expectOneOf, expectRankAtLeast, floatTypes, numberTypes, operand, optionalOperand } from './operand.ts';
import type { RuleContext, ShapeRules } from './rule.ts';

/** The elements of an optional input; an empty one counts as left out, for that is how ONNX skips one in the middle. */
function elementsOf(context: RuleContext, index: number, type: ElementType): number[] | undefined {
  const input = optionalOperand(context, index, [type]);
  if (input === undefined || (input.shape.length === 1 && input.shape[0] === 0)) return undefined;
  return toNumbers(constant(context, index, input));
}

/** `floor(length * scale)`, the product rounded to float32 first, because that is how ONNX and onnxruntime reckon it. */
export function scaledLength(length: number, scale: number): number {
  return Math.floor(Math.fround(length * Math.fround(scale)));
}

function resizedShape(context: RuleContext, shape: Shape): Dimension[] {
  const scales = elementsOf(context, 2, 'float32');
  const sizes = elementsOf(context, 3, 'int64');
  const given = scales ?? sizes;
  if (given === undefined || (scales !== undefined && sizes !== undefined)) {
    throw new GraphError("Resize takes either 'scales' or 'sizes', one of them");
  }
  if (given.length !== shape.length || !given.every((value) => value > 0)) {
    throw new GraphError(
      `${scales ? 'scales' : 'sizes'} [${given.join(', ')}] must be positive, one for each axis of ${formatShape(shape)}`,
    );
  }
  if (scales === undefined) return given;
  return shape.map((length, axis) => {
    if (typeof length === 'number') return scaledLength(length, scales[axis]);
    if (scales[axis] === 1) return length;
    throw unknownLength(`axis ${axis} of the output`, `floor(${length} * ${scales[axis]})`, [length]);
  });
}

/** Operators that read between the elements. */
export const samplingRules = {
  /** `size` is N, C, H, W or N, C, D, H, W; the grid has a place for each pixel, of two or three coordinates. */
  AffineGrid: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    const size = constantIntegers(context, 1);
    const axes = size.length - 2;
    if (axes !== 2 && axes !== 3) throw new GraphError(`size [${size.join(', ')}] must be N, C, H, W or N, C, D, H, W`);
    if (shape.length !== 3 || shape[1] !== axes || shape[2] !== axes + 1) {
      throw new GraphError(
        `theta ${formatShape(shape)} must be N x ${axes} x ${axes + 1} for a size of ${size.length} elements`,
      );
    }
    expectSameLength(shape, 0, 'theta', size, 0, 'size (as a shape)');
    return [{ type, shape: [shape[0], ...size.slice(2), axes] }];
  },
  /** X is N x C x D1 x ..., the grid N x places x as many coordinates as X has spatial axes, the output N x C x places. */
  GridSample: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    const grid = operand(context, 1, floatTypes);
    expectRankAtLeast(context, 0, 3, 'N x C x D1 x ...');
    const axes = shape.length - 2;
    if (grid.shape.length !== shape.length || grid.shape[shape.length - 1] !== axes) {
      throw new GraphError(
        `grid ${formatShape(grid.shape)} must have ${shape.length} axes, the last of length ${axes}, for X ` +
          formatShape(shape),
      );
    }
    expectSameLength(shape, 0, 'X', grid.shape, 0, 'grid');
    expectOneOf('mode', context.attributes.mode, ['linear', 'nearest', 'cubic']);
    expectOneOf('paddingMode', context.attributes.paddingMode, ['zeros', 'border', 'reflection']);
    return [{ type, shape: [...shape.slice(0, 2), ...grid.shape.slice(1, -1)] }];
  },
  Resize: (context) => {
    const { type, shape } = operand(context, 0, numberTypes);
    const { mode, coordinateTransformationMode, nearestMode } = context.attributes;
    expectOneOf('mode', mode, ['nearest', 'linear', 'cubic']);
    expectOneOf('nearestMode', nearestMode, ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']);
    // tf_crop_and_resize is left out on purpose: its lengths depend on the region of interest.
    expectOneOf('coordinateTransformationMode', coordinateTransformationMode, [
      'half_pixel',
      'half_pixel_symmetric',
      'pytorch_half_pixel',
      'align_corners',
      'asymmetric',
    ]);
    return [{ type, shape: resizedShape(context, shape) }];
  },
} satisfies Partial<ShapeRules>;
