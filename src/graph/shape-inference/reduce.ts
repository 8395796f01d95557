import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { type Dimension, formatShape, type Shape } from '../tensor/shape.ts';
import { constantScalar, optionalConstantIntegers } from './constant-input.ts';
import { existingAxis, normalizeAxes, withLength } from './lengths.ts';
import { floatTypes, numberTypes, operand, wideTypes } from './operand.ts';
import type { RuleContext, ShapeRules, ValueType } from './rule.ts';

interface ReductionAttributes {
  readonly keepdims: number;
  readonly noopWithEmptyAxes: number;
}

/**
 * The axes a reduction reduces, counted from the start: all of them if `axes` is left out or empty, unless
 * `noopWithEmptyAxes` says that it then reduces none.
 */
export function reducedAxes(rank: number, axes: readonly number[] | undefined, noopWithEmptyAxes: number): number[] {
  if (axes !== undefined && axes.length > 0) return normalizeAxes(axes, rank);
  return noopWithEmptyAxes ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

/** The shape without `axes`, or with length 1 in their place. */
function reduceShape(shape: Shape, axes: readonly number[], keepdims: number): Dimension[] {
  if (keepdims) return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return shape.filter((_, axis) => !axes.includes(axis));
}

function reduction(types: readonly ElementType[]) {
  return (context: RuleContext & { readonly attributes: ReductionAttributes }): ValueType[] => {
    const { type, shape } = operand(context, 0, types);
    const { keepdims, noopWithEmptyAxes } = context.attributes;
    const axes = reducedAxes(shape.length, optionalConstantIntegers(context, 1), noopWithEmptyAxes);
    return [{ type, shape: reduceShape(shape, axes, keepdims) }];
  };
}

/** Normalises along one axis and keeps the shape. */
function alongAxis(context: RuleContext & { readonly attributes: { readonly axis: number } }): ValueType[] {
  const { type, shape } = operand(context, 0, floatTypes);
  existingAxis(context.attributes.axis, shape.length);
  return [{ type, shape }];
}

/** Reductions, and what else works along an axis. */
export const reduceRules = {
  ArgMax: (context) => {
    const { shape } = operand(context, 0, numberTypes);
    const axis = existingAxis(context.attributes.axis, shape.length);
    if (shape[axis] === 0)
      throw new GraphError(`axis ${axis} of ${formatShape(shape)} is empty: it has no largest element`);
    return [{ type: 'int64', shape: reduceShape(shape, [axis], context.attributes.keepdims) }];
  },
  LogSoftmax: alongAxis,
  ReduceLogSumExp: reduction(wideTypes),
  ReduceMax: reduction(numberTypes),
  ReduceMean: reduction(wideTypes),
  ReduceMin: reduction(numberTypes),
  ReduceSum: reduction(wideTypes),
  Softmax: alongAxis,
  TopK: (context) => {
    const { type, shape } = operand(context, 0, numberTypes);
    const axis = existingAxis(context.attributes.axis, shape.length);
    const count = constantScalar(context, 1, ['int64']);
    const length = shape[axis];
    if (!Number.isInteger(count) || count < 0 || (typeof length === 'number' && count > length)) {
      throw new GraphError(
        `K is ${count}, but axis ${axis} of ${formatShape(shape)} has ${length} elements to choose from`,
      );
    }
    const chosen = withLength(shape, axis, count);
    return [
      { type, shape: chosen },
      { type: 'int64', shape: chosen },
    ];
  },
} satisfies Partial<ShapeRules>;
