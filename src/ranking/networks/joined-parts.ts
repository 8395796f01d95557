import type { Value } from '../../graph/builder/graph.ts';
import { concat, l2Normalize, lengthOf, mul, slice } from '../../graph/builder/operations.ts';
import { xavierUniform } from './initializers.ts';
import { linear } from './layers.ts';
import type { NetworkScope } from './network-scope.ts';
import type { ContoursConfig } from './trunk-config.ts';

/**
 * An embedding of two parts: a linear map of a trunk's features and one of oriented gradients, each of unit length, joined so
 * that the squared distance is `(1 - share)` times the trunk's and `share` times the gradients'. So neither drowns the other,
 * whatever the lengths of their features.
 *
 * Shapes: features [N, F + G], the G of the gradients behind, to [N, dimension] of length 1.
 */
export function joinedParts(scope: NetworkScope, features: Value, dimension: number, contours: ContoursConfig): Value {
  const whole = lengthOf(features, 1);
  const first = whole - contours.features;
  const part = (name: string, start: number, end: number, length: number, share: number) => {
    const own = slice(features, [{ axis: 1, start, end }]);
    return mul(l2Normalize(linear(scope, name, own, length, xavierUniform)), Math.sqrt(share));
  };
  return concat(
    [
      part('embedding', 0, first, dimension - contours.dimension, 1 - contours.share),
      part('contours', first, whole, contours.dimension, contours.share),
    ],
    1,
  );
}
