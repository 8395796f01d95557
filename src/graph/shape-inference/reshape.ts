import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type LengthProduct, lengthOfProduct, quotientOf, timesLengths } from '../tensor/length-product.ts';
import { type Dimension, formatShape, type Shape } from '../tensor/shape.ts';
import { constantIntegers, optionalConstantIntegers } from './constant-input.ts';
import { multiplyLengths, normalizeAxes } from './lengths.ts';
import { operand } from './operand.ts';
import type { ShapeRules } from './rule.ts';

/**
 * The shape that ONNX's Reshape makes of `shape` when asked for `target`: 0 takes the length of the same axis of the
 * input (a true 0 if `allowZero`), one -1 stands for whatever is left, which may be a name or a multiple of one.
 *
 * @throws if the numbers of elements differ, or cannot be compared because a name is left over.
 */
export function reshapedShape(shape: Shape, target: Shape, allowZero: boolean): Dimension[] {
  const asked = `${formatShape(shape)} into ${formatShape(target)}`;
  const hole = target.indexOf(-1);
  if (target.lastIndexOf(-1) !== hole) throw new GraphError(`cannot reshape ${asked}: only one length may be -1`);
  const result = target.map((length, axis): Dimension => {
    if (typeof length === 'string') return length;
    if (!Number.isInteger(length) || length < -1)
      throw new GraphError(`cannot reshape ${asked}: axis ${axis} is ${length}`);
    if (length !== 0 || allowZero) return length;
    if (axis < shape.length) return shape[axis];
    throw new GraphError(`cannot reshape ${asked}: 0 at axis ${axis} copies an axis that the input does not have`);
  });
  const from = timesLengths(shape);
  const to = timesLengths(result.filter((_, axis) => axis !== hole));
  if (hole >= 0) {
    if (to.factor === 0) throw new GraphError(`cannot reshape ${asked}: beside a length of 0, -1 could be any length`);
    result[hole] = from.factor === 0 ? 0 : remainder(from, to, asked);
  } else if (from.factor !== to.factor || (from.factor !== 0 && from.names.join() !== to.names.join())) {
    if (from.names.join() !== to.names.join()) throw unknownCount(asked, from, to);
    throw new GraphError(`cannot reshape ${asked}: ${elements(from)} do not fill ${lengthOfProduct(to)} places`);
  }
  return result;
}

function remainder(from: LengthProduct, to: LengthProduct, asked: string): Dimension {
  const left = quotientOf(from, to);
  if (left !== undefined) return lengthOfProduct(left);
  if (from.names.length > to.names.length) throw unknownCount(asked, from, to);
  throw new GraphError(`cannot reshape ${asked}: ${elements(from)} do not divide by ${lengthOfProduct(to)}`);
}

function elements(volume: LengthProduct): string {
  return `${lengthOfProduct(volume)} elements`;
}

function unknownCount(asked: string, from: LengthProduct, to: LengthProduct): Error {
  const both = quotientOf({ factor: 1, names: from.names }, { factor: 1, names: to.names });
  const names = [...new Set(both?.names ?? [...from.names, ...to.names])];
  const unknown = names.length === 1 ? `${names[0]} is` : `${names.join(' and ')} are`;
  return new GraphError(
    `cannot reshape ${asked}: ${unknown} not known in advance. Keep that axis with 0, or let -1 stand for ` +
      'it alone',
  );
}

/** Operators that keep the elements and their order and change the axes. */
export const reshapeRules = {
  Flatten: (context) => {
    const { type, shape } = operand(context, 0);
    const { axis } = context.attributes;
    const split = axis < 0 ? axis + shape.length : axis;
    if (!Number.isInteger(axis) || split < 0 || split > shape.length) {
      throw new GraphError(`axis ${axis} is outside ${formatShape(shape)}: use ${-shape.length} to ${shape.length}`);
    }
    return [{ type, shape: [multiplyLengths(shape.slice(0, split)), multiplyLengths(shape.slice(split))] }];
  },
  Reshape: (context) => {
    const { type, shape } = operand(context, 0);
    const target = constantIntegers(context, 1);
    const allowZero = context.attributes.allowzero !== 0;
    if (allowZero && target.includes(0) && target.includes(-1)) {
      throw new GraphError(`shape ${formatShape(target)} has both 0 and -1, which allowzero forbids`);
    }
    return [{ type, shape: reshapedShape(shape, target, allowZero) }];
  },
  /** A named length is never taken for 1. */
  Squeeze: (context) => {
    const { type, shape } = operand(context, 0);
    const given = optionalConstantIntegers(context, 1);
    if (given === undefined) return [{ type, shape: shape.filter((length) => length !== 1) }];
    const axes = normalizeAxes(given, shape.length);
    for (const axis of axes) {
      if (shape[axis] !== 1) {
        throw new GraphError(
          `cannot squeeze axis ${axis} of ${formatShape(shape)}: its length is ${shape[axis]}, not 1`,
        );
      }
    }
    return [{ type, shape: shape.filter((_, axis) => !axes.includes(axis)) }];
  },
  Unsqueeze: (context) => {
    const { type, shape } = operand(context, 0);
    const given = constantIntegers(context, 1);
    const axes = normalizeAxes(given, shape.length + given.length);
    const result = [...shape];
    for (const axis of axes.toSorted((a, b) => a - b)) result.splice(axis, 0, 1);
    return [{ type, shape: result }];
  },
} satisfies Partial<ShapeRules>;
