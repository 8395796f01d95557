import type { OperatorNode, Value } from '../builder/graph.ts';
import { filledLike, reshapeLike } from '../builder/match-shape.ts';
import { int64, reshape } from '../builder/operations.ts';
import type { OperatorInputs } from '../builder/operator-inputs.ts';
import { producerOf } from '../builder/value.ts';
import type { OperatorAttributes } from '../operators/operator.ts';
import { kernelExtent, spatialAttributes, windowCounts } from '../shape-inference/spatial.ts';
import { type StaticShape, staticShape } from '../tensor/shape.ts';

/** A value in one axis. */
const flat = (x: Value): Value => reshape(x, [-1]);

/** True if no element is in two windows and no window reaches beyond the end pads. */
function windowsAreApart(shape: StaticShape, attributes: OperatorAttributes<'MaxPoolGradient'>): boolean {
  const lengths = shape.slice(2);
  const spatial = spatialAttributes(attributes, lengths.length);
  const whole = windowCounts(lengths, spatial);
  const counts = windowCounts(lengths, spatial, attributes.ceilMode === 1);
  return lengths.every(
    (_, axis) => spatial.strides[axis] >= kernelExtent(spatial, axis) && counts[axis] === whole[axis],
  );
}

/**
 * The pool that made Y of X by these attributes, if it counts the places of its elements as memory has them, so that it may
 * keep them for its gradient; undefined if there is none.
 */
export function poolOf(
  [X, Y]: readonly (Value | undefined)[],
  attributes: OperatorAttributes<'MaxPoolGradient'>,
): OperatorNode<'MaxPool'> | undefined {
  const node = Y && producerOf(Y);
  if (node?.kind !== 'operator' || node.op !== 'MaxPool' || node.inputs[0] !== X || node.outputs[0] !== Y)
    return undefined;
  const pool = node as OperatorNode<'MaxPool'>;
  const { storageOrder, ...windows } = pool.attributes;
  const names = Object.keys(windows) as (keyof typeof windows)[];
  const alike = names.every((name) => String(windows[name]) === String(attributes[name]));
  return alike && storageOrder === 0 ? pool : undefined;
}

/** Where the largest elements were: kept by the pool that made Y, or found by pooling again. */
function indicesOf(X: Value, Y: Value, attributes: OperatorAttributes<'MaxPoolGradient'>): Value {
  const kept = poolOf([X, Y], attributes)?.outputs[1];
  return kept ?? X.graph.apply('MaxPool', [X], { ...attributes, storageOrder: 0 }, { outputs: 2 })[1];
}

/**
 * Puts each element of `dY` back where the largest element of its window was. Windows that overlap may have one element in
 * common, which gets the sum.
 */
export function maxPoolGradient(
  [X, Y, dY]: OperatorInputs<'MaxPoolGradient'>,
  attributes: OperatorAttributes<'MaxPoolGradient'>,
): Value {
  const indices = indicesOf(X, Y, attributes);
  const shape = staticShape(X.shape, 'the gradient of MaxPool');
  if (windowsAreApart(shape, attributes)) {
    const { kernelShape, strides, pads } = attributes;
    return dY.graph.apply('MaxUnpool', [dY, indices, int64(dY, shape, 'shape')], { kernelShape, strides, pads })[0];
  }
  const zeros = flat(filledLike(X, 0));
  const attributesOfSum = { axis: 0, reduction: 'add' };
  return reshapeLike(dY.graph.apply('ScatterElements', [zeros, flat(indices), flat(dY)], attributesOfSum)[0], X);
}
