import { broadcastShapes } from '../../../src/graph/tensor/broadcast.ts';
import { isStatic, type StaticShape, sameShape, sizeOf } from '../../../src/graph/tensor/shape.ts';
import type { Tensor } from '../../../src/graph/tensor/tensor.ts';
import { stridesOf } from '../../support/strides-of.ts';
import { type Elements, zerosOf } from './operands.ts';

// Every movement, broadcast and reduction of the reference is a list of positions: where in a row-major array the
// elements of a grid lie. A position is the sum of one offset an axis, so a grid is given by its offsets axis by axis.

/** `start`, `start + step`, ... : `length` offsets. */
export function offsetsOf(length: number, step: number, start = 0): number[] {
  return Array.from({ length }, (_, index) => start + index * step);
}

/** The offsets that walk a whole row-major array of `shape`, one list an axis. */
export function shapeOffsets(shape: StaticShape): number[][] {
  const strides = stridesOf(shape);
  return shape.map((length, axis) => offsetsOf(length, strides[axis]));
}

/** The positions of a grid's points, the last axis fastest. An offset of NaN marks points that lie outside. */
export function gridPositions(offsets: readonly (readonly number[])[]): Float64Array {
  let positions = Float64Array.of(0);
  for (const ofAxis of offsets) {
    const next = new Float64Array(positions.length * ofAxis.length);
    let place = 0;
    for (let outer = 0; outer < positions.length; outer++) {
      for (let inner = 0; inner < ofAxis.length; inner++) next[place++] = positions[outer] + ofAxis[inner];
    }
    positions = next;
  }
  return positions;
}

/** `y[i] = x[positions[i]]`, or `outside` where the position is NaN. */
export function take(
  x: Tensor,
  shape: StaticShape,
  positions: ArrayLike<number>,
  outside: number | bigint = 0,
): Tensor {
  const y = zerosOf(x.type, shape);
  const from: Elements = x.data;
  const to: Elements = y.data;
  for (let index = 0; index < to.length; index++) {
    const position = positions[index];
    to[index] = Number.isNaN(position) ? outside : from[position];
  }
  return y;
}

/** The same elements in another shape; the array is shared. */
export function withShape(x: Tensor, shape: StaticShape): Tensor {
  if (sizeOf(shape) !== x.data.length) {
    throw new Error(`${x.data.length} elements do not fit shape [${shape.join(', ')}]`);
  }
  return { ...x, shape };
}

/** Where each element of `shape` comes from in an array of shape `from` that is broadcast to it. */
export function broadcastPositions(from: StaticShape, shape: StaticShape): Float64Array {
  const missing = shape.length - from.length;
  const strides = stridesOf(from);
  return gridPositions(
    shape.map((length, axis) => {
      const own = axis - missing;
      return offsetsOf(length, own < 0 || from[own] === 1 ? 0 : strides[own]);
    }),
  );
}

/** `x` stretched to `shape`, to which it must broadcast. */
export function broadcastTo<T extends Tensor>(x: T, shape: StaticShape): T {
  return sameShape(x.shape, shape) ? x : (take(x, shape, broadcastPositions(x.shape, shape)) as T);
}

/** The shape that all of `tensors` broadcast to. */
export function commonShape(tensors: readonly Tensor[]): StaticShape {
  return tensors.map((x) => x.shape).reduce(broadcastLengths, []);
}

/** The shape that two known shapes broadcast to. */
export function broadcastLengths(a: StaticShape, b: StaticShape): StaticShape {
  const shape = broadcastShapes(a, b);
  if (!isStatic(shape)) throw new Error(`lengths are known here, but [${shape.join(', ')}] has a name`);
  return shape;
}

/** The same elements with the axes in another order: axis `i` of the result is axis `perm[i]` of `x`. */
export function permute<T extends Tensor>(x: T, perm: readonly number[]): T {
  const offsets = shapeOffsets(x.shape);
  const shape = perm.map((axis) => x.shape[axis]);
  return take(x, shape, gridPositions(perm.map((axis) => offsets[axis]))) as T;
}

/** An axis to work along: `starts` has one position a line, a line's elements follow each other by `step`. */
export interface Lines {
  readonly starts: Float64Array;
  readonly length: number;
  readonly step: number;
}

/** The lines along `axis` (counted from the start) of a row-major array, in row-major order of the other axes. */
export function linesAlong(shape: StaticShape, axis: number): Lines {
  const offsets = shapeOffsets(shape).filter((_, other) => other !== axis);
  return { starts: gridPositions(offsets), length: shape[axis], step: stridesOf(shape)[axis] };
}
