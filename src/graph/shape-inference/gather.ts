import { GraphError } from '../../foundation/errors/graph-error.ts';
import { formatShape, type Shape, sameShape } from '../tensor/shape.ts';
import { existingAxis } from './lengths.ts';
import { expectOneOf, expectSameType, indexTypes, operand } from './operand.ts';
import type { ShapeRules } from './rule.ts';

/** @throws unless `indices` has data's rank and nowhere but along `axis` exceeds it. */
function expectWithin(data: Shape, indices: Shape, axis: number): void {
  const fits = (length: Shape[number], other: number) => {
    const room = data[other];
    return length === room || (typeof length === 'number' && typeof room === 'number' && length <= room);
  };
  if (indices.length === data.length && indices.every((length, other) => other === axis || fits(length, other))) return;
  throw new GraphError(
    `indices ${formatShape(indices)} must have as many axes as data ${formatShape(data)} and be no longer on any but ` +
      `axis ${axis}`,
  );
}

/** Operators that pick or place elements by index. */
export const gatherRules = {
  /** The indexed axis gives way to the axes of `indices`. */
  Gather: (context) => {
    const { type, shape } = operand(context, 0);
    const indices = operand(context, 1, indexTypes);
    const axis = existingAxis(context.attributes.axis, shape.length);
    return [{ type, shape: [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)] }];
  },
  GatherElements: (context) => {
    const { type, shape } = operand(context, 0);
    const indices = operand(context, 1, indexTypes);
    expectWithin(shape, indices.shape, existingAxis(context.attributes.axis, shape.length));
    return [{ type, shape: indices.shape }];
  },
  ScatterElements: (context) => {
    const { type, shape } = operand(context, 0);
    const indices = operand(context, 1, indexTypes);
    const updates = operand(context, 2);
    expectSameType(context, 0, 2);
    expectOneOf('reduction', context.attributes.reduction, ['none', 'add', 'mul', 'max', 'min']);
    if (!sameShape(indices.shape, updates.shape)) {
      throw new GraphError(
        `indices ${formatShape(indices.shape)} and updates ${formatShape(updates.shape)} must have the same shape`,
      );
    }
    expectWithin(shape, indices.shape, existingAxis(context.attributes.axis, shape.length));
    return [{ type, shape }];
  },
} satisfies Partial<ShapeRules>;
