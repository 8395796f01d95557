import type { Value } from '../../builder/graph.ts';
import { div, equal, indicator, int64, mul, reduceSum, reshape } from '../../builder/operations.ts';
import type { OperatorAttributes } from '../../operators/operator.ts';
import { kernelExtent, spatialAttributes, windowCounts } from '../../shape-inference/spatial.ts';
import { type StaticShape, sizeOf, staticShape } from '../../tensor/shape.ts';
import type { GradientTable } from '../gradient-rule.ts';
import { expandLike, filledLike, reshapeLike } from '../match-shape.ts';
import { averagePoolGradient } from './average-pool.ts';

/** Lengths of all spatial axes of [N, C, ...]. */
const positionsOf = (x: Value) => sizeOf(staticShape(x.shape, 'the gradient of a pool').slice(2));

/** All spatial axes of [N, C, ...]. */
const spatialAxes = (x: Value) => [...x.shape.keys()].slice(2);

/** A value in one axis. */
const flat = (x: Value): Value => reshape(x, [-1]);

/** True if no element is in two windows and no window reaches beyond the end pads. */
function windowsAreApart(shape: StaticShape, attributes: OperatorAttributes<'MaxPool'>): boolean {
  const lengths = shape.slice(2);
  const spatial = spatialAttributes(attributes, lengths.length);
  const whole = windowCounts(lengths, spatial);
  const counts = windowCounts(lengths, spatial, attributes.ceilMode === 1);
  return lengths.every(
    (_, axis) => spatial.strides[axis] >= kernelExtent(spatial, axis) && counts[axis] === whole[axis],
  );
}

/**
 * Puts each element of `dY` back where the largest element of its window was. Windows that overlap may have one element in
 * common, which gets the sum.
 */
function maxPoolGradient(X: Value, indices: Value, dY: Value, attributes: OperatorAttributes<'MaxPool'>): Value {
  const shape = staticShape(X.shape, 'the gradient of MaxPool');
  if (windowsAreApart(shape, attributes)) {
    const { kernelShape, strides, pads } = attributes;
    return dY.graph.apply('MaxUnpool', [dY, indices, int64(dY, shape, 'shape')], { kernelShape, strides, pads })[0];
  }
  const zeros = flat(filledLike(X, 0));
  const attributesOfSum = { axis: 0, reduction: 'add' };
  return reshapeLike(dY.graph.apply('ScatterElements', [zeros, flat(indices), flat(dY)], attributesOfSum)[0], X);
}

/**
 * Pools over the spatial axes. Ties: MaxPool gives the gradient to the first of equal elements, in row-major order;
 * GlobalMaxPool gives equal shares, as ReduceMax does.
 */
export const poolGradients = {
  AveragePool: ({ inputs: [X], attributes, dY }) => [() => averagePoolGradient(X, dY, attributes)],
  GlobalAveragePool: ({ inputs: [X], dY }) => [() => expandLike(div(dY, positionsOf(X)), X)],
  GlobalMaxPool: ({ inputs: [X], outputs: [Y], dY }) => [
    () => {
      const chosen = indicator(equal(X, Y), X);
      return mul(chosen, div(dY, reduceSum(chosen, spatialAxes(X), true)));
    },
  ],
  /** A node that kept no usable Indices is run again for them. */
  MaxPool: ({ inputs: [X], outputs, attributes, dY }) => [
    () => {
      const kept = attributes.storageOrder === 0 ? outputs[1] : undefined;
      const again = () => X.graph.apply('MaxPool', [X], { ...attributes, storageOrder: 0 }, { outputs: 2 })[1];
      return maxPoolGradient(X, kept ?? again(), dY, attributes);
    },
  ],
  MaxUnpool: ({ inputs: [X, I], dY }) => [
    () => reshapeLike(dY.graph.apply('GatherElements', [flat(dY), flat(I)], { axis: 0 })[0], X),
    undefined,
    undefined,
  ],
} satisfies Partial<GradientTable>;
