import { GraphError } from '../../foundation/errors/graph-error.ts';
import { broadcastAxes } from '../tensor/broadcast.ts';
import { formatShape, type Shape, sameShape } from '../tensor/shape.ts';
import type { Value } from './graph.ts';
import { reduceSum, squeeze } from './operations.ts';

/**
 * Sums a gradient back to the shape of the value it belongs to: an element that broadcasting used many times gets the sum of
 * the gradients of all its uses.
 *
 * Shapes: `gradient` has the shape that `shape` was broadcast to; the result has `shape`.
 *
 * @throws if `shape` does not broadcast to the gradient's shape.
 */
export function unbroadcast(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const added = gradient.shape.length - shape.length;
  const axes = broadcastAxes(shape, gradient.shape);
  const left = gradient.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)).slice(Math.max(added, 0));
  if (added < 0 || !sameShape(left, shape)) {
    throw new GraphError(
      `a gradient of shape ${formatShape(gradient.shape)} cannot be summed back to ${formatShape(shape)}, which does not ` +
        'broadcast to it',
    );
  }
  const leading = axes.filter((axis) => axis < added);
  if (leading.length === axes.length) return reduceSum(gradient, axes);
  const summed = reduceSum(gradient, axes, true);
  return leading.length === 0 ? summed : squeeze(summed, leading);
}
