import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type Dimension, formatShape, type Shape } from './shape.ts';

/**
 * The shape two values broadcast to, as ONNX and NumPy define it: aligned at the last axis, an axis of length 1
 * stretches to the other's length, a missing axis counts as 1. A named length equals only itself and stretches a 1.
 *
 * @throws if two lengths differ and neither is 1.
 */
export function broadcastShapes(a: Shape, b: Shape): Dimension[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<Dimension>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new GraphError(
        `shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: axis ${axis} has length ${left} and ${right}`,
      );
    }
    result[axis] = left === 1 ? right : left;
  }
  return result;
}

/** The axes of `to` along which a value of shape `from` was stretched when it was broadcast to `to`. */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const offset = to.length - from.length;
  const axes: number[] = [];
  for (let axis = 0; axis < to.length; axis++) {
    if (axis < offset || (from[axis - offset] === 1 && to[axis] !== 1)) axes.push(axis);
  }
  return axes;
}
