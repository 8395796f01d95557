import { GraphError } from '../../foundation/errors/graph-error.ts';
/** One axis: a length, or the name of a length known only when the graph runs (`'N'`). */
export type Dimension = number | string;
/** The lengths of a value's axes; some may be named rather than known. */
export type Shape = readonly Dimension[];
/** A shape whose every length is known. */
export type StaticShape = readonly number[];

/** True if every length is known. */
export function isStatic(shape: Shape): shape is StaticShape {
  return shape.every((length) => typeof length === 'number');
}

/** The same shape as numbers; throws with `what` named if a length is not known yet. */
export function staticShape(shape: Shape, what: string): StaticShape {
  if (isStatic(shape)) return shape;
  throw new GraphError(`${what} needs a shape known in advance, but it is ${formatShape(shape)}`);
}

/** Number of elements. A scalar, shape `[]`, has one. */
export function sizeOf(shape: StaticShape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Maps an axis counted from the end (-1 is the last) to one counted from the start. */
export function normalizeAxis(axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= Math.max(rank, 1)) {
    throw new GraphError(`axis ${axis} is outside a value of ${rank} axes: use ${-rank} to ${rank - 1}`);
  }
  return normalized;
}

/** `[2, N, 3]`, for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** True if both shapes have the same lengths (and the same names) in the same order. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
