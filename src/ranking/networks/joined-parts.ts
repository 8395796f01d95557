import type { Value } from '../../graph/builder/graph.ts';
import { concat, l2Normalize, lengthOf, mul, slice } from '../../graph/builder/operations.ts';
import { xavierUniform } from './initializers.ts';
import { linear } from './layers.ts';
import type { NetworkScope } from './network-scope.ts';
import type { TrunkConfig } from './trunk-config.ts';
import { configuredParts, type UnlearntPartName } from './unlearnt/unlearnt-parts.ts';

/**
 * An embedding of several parts: a linear map of a trunk's features, `embedding`, and one of each kind of features that nothing is
 * learnt for, such as `contours`; each of unit length, joined so that the squared distance is the sum of theirs, each times its
 * share; the trunk's share is what the others leave. So none drowns the others, whatever the lengths of their features.
 *
 * Shapes: features [N, F + G + ...], those of the trunk first, to [N, dimension] of length 1.
 */
export function joinedParts(
  scope: NetworkScope,
  features: Value,
  dimension: number,
  config: Pick<TrunkConfig, UnlearntPartName>,
): Value {
  const others = configuredParts(config);
  const sum = (key: 'features' | 'dimension' | 'share') => others.reduce((all, [, part]) => all + part[key], 0);
  let start = 0;
  const part = (name: string, count: number, length: number, share: number) => {
    const own = slice(features, [{ axis: 1, start, end: start + count }]);
    start += count;
    return mul(l2Normalize(linear(scope, name, own, length, xavierUniform)), Math.sqrt(share));
  };
  const trunk = part(
    'embedding',
    lengthOf(features, 1) - sum('features'),
    dimension - sum('dimension'),
    1 - sum('share'),
  );
  return concat([trunk, ...others.map(([name, own]) => part(name, own.features, own.dimension, own.share))], 1);
}
