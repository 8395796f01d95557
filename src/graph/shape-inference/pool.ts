import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { formatShape, sameShape } from '../tensor/shape.ts';
import { optionalConstantIntegers } from './constant-input.ts';
import { expectRankAtLeast, floatTypes, operand } from './operand.ts';
import type { RuleContext, ShapeRules, ValueType } from './rule.ts';
import {
  type SpatialAttributes,
  spatialAttributes,
  spatialLengths,
  transposedLengths,
  type WindowAttributes,
  windowCounts,
} from './spatial.ts';

interface PoolContext extends RuleContext {
  readonly attributes: WindowAttributes & { readonly ceilMode: number };
}

/** @throws if a window could lie wholly in a pad, where there is nothing to pool. */
function expectPadsBelowKernel({ kernelShape, padsBegin, padsEnd }: SpatialAttributes): void {
  for (const [axis, kernel] of kernelShape.entries()) {
    if (padsBegin[axis] < kernel && padsEnd[axis] < kernel) continue;
    throw new GraphError(
      `pads of ${padsBegin[axis]} and ${padsEnd[axis]} on spatial axis ${axis} must be smaller than the kernel's ` +
        `${kernel}: a window would lie wholly in the pad`,
    );
  }
}

/** The output of a pool over X, N x C x D1 x ... */
function pooled(context: PoolContext, types: readonly ElementType[]): ValueType {
  const { type, shape } = operand(context, 0, types);
  expectRankAtLeast(context, 0, 3, 'N x C x D1 x ...');
  const spatial = spatialAttributes(context.attributes, shape.length - 2);
  expectPadsBelowKernel(spatial);
  const counts = windowCounts(spatialLengths(shape), spatial, context.attributes.ceilMode !== 0);
  return { type, shape: [...shape.slice(0, 2), ...counts] };
}

/** Each channel becomes one element; the spatial axes stay, with length 1. */
function global(context: RuleContext): ValueType[] {
  const { type, shape } = operand(context, 0, floatTypes);
  expectRankAtLeast(context, 0, 3, 'N x C x D1 x ...');
  return [{ type, shape: shape.map((length, axis) => (axis < 2 ? length : 1)) }];
}

/** Pools: one window after another becomes one element. */
export const poolRules = {
  AveragePool: (context) => [pooled(context, floatTypes)],
  GlobalAveragePool: global,
  GlobalMaxPool: global,
  /** Indices count the elements of the whole of X, pads not counted. */
  MaxPool: (context) => {
    const output = pooled(context, [...floatTypes, 'int8', 'uint8']);
    return [output, { type: 'int64', shape: output.shape }];
  },
  /** The lengths that the pool came from as far as the attributes tell, unless `output_shape` says them. */
  MaxUnpool: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    const indices = operand(context, 1, ['int64']);
    expectRankAtLeast(context, 0, 3, 'N x C x D1 x ...');
    if (!sameShape(shape, indices.shape)) {
      throw new GraphError(`X ${formatShape(shape)} and I ${formatShape(indices.shape)} must have the same shape`);
    }
    const spatial = spatialAttributes(context.attributes, shape.length - 2);
    const lengths = transposedLengths(
      spatialLengths(shape),
      spatial,
      spatial.strides.map(() => 0),
    );
    const inferred = [...shape.slice(0, 2), ...lengths];
    const asked = optionalConstantIntegers(context, 2);
    if (asked === undefined) return [{ type, shape: inferred }];
    const holds =
      asked.length === inferred.length &&
      asked.every((length, axis) => (axis < 2 ? length === inferred[axis] : length >= Number(inferred[axis])));
    if (holds) return [{ type, shape: asked }];
    throw new GraphError(
      `output_shape ${formatShape(asked)} must be ${formatShape(inferred)}, or longer on the spatial axes`,
    );
  },
} satisfies Partial<ShapeRules>;
