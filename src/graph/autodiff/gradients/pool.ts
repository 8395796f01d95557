import type { Value } from '../../builder/graph.ts';
import { reshapeLike } from '../../builder/match-shape.ts';
import {
  averagePool,
  div,
  equal,
  globalAveragePool,
  indicator,
  mul,
  reduceSum,
  reshape,
} from '../../builder/operations.ts';
import { staticShape } from '../../tensor/shape.ts';
import { byUnfolding, type GradientTable } from '../gradient-rule.ts';

/** All spatial axes of [N, C, ...]. */
const spatialAxes = (x: Value) => [...x.shape.keys()].slice(2);

/** A value in one axis. */
const flat = (x: Value): Value => reshape(x, [-1]);

/**
 * Pools over the spatial axes. Ties: MaxPool gives the gradient to the first of equal elements, in row-major order;
 * GlobalMaxPool gives equal shares, as ReduceMax does.
 */
export const poolGradients = {
  AveragePool: ({ inputs: [X], attributes, dY }) => {
    const imageShape = staticShape(X.shape, 'the gradient of AveragePool');
    return [() => dY.graph.apply('AveragePoolGradient', [dY], { ...attributes, imageShape })[0]];
  },
  /** Every element has its share of the mean. */
  AveragePoolGradient: ({ attributes: { imageShape: _, ...pool }, dY }) => [() => averagePool(dY, pool)],
  GlobalAveragePool: ({ inputs: [X], dY }) => {
    const imageShape = staticShape(X.shape, 'the gradient of GlobalAveragePool');
    return [() => dY.graph.apply('GlobalAveragePoolGradient', [dY], { imageShape })[0]];
  },
  GlobalAveragePoolGradient: ({ dY }) => [() => globalAveragePool(dY)],
  GlobalMaxPool: ({ inputs: [X], outputs: [Y], dY }) => [
    () => {
      const chosen = indicator(equal(X, Y), X);
      return mul(chosen, div(dY, reduceSum(chosen, spatialAxes(X), true)));
    },
  ],
  MaxPool: ({ inputs: [X], outputs: [Y], attributes: { storageOrder: _, ...windows }, dY }) => {
    staticShape(X.shape, 'the gradient of MaxPool');
    return [() => X.graph.apply('MaxPoolGradient', [X, Y, dY], windows)[0]];
  },
  MaxPoolGradient: byUnfolding,
  MaxUnpool: ({ inputs: [X, I], dY }) => [
    () => reshapeLike(dY.graph.apply('GatherElements', [flat(dY), flat(I)], { axis: 0 })[0], X),
    undefined,
    undefined,
  ],
} satisfies Partial<GradientTable>;
