import { flatten, globalAveragePool, reduceMean } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';
import type { Shape } from '../tensor/shape.ts';

/** What a tensor of a network is, by its axes. */
export type FeatureKind = 'map' | 'tokens' | 'vector';

/** A spatial map [N, C, H, W], tokens [N, T, C], a vector [N, C]; undefined for anything else. */
export function featureKindOf(shape: Shape): FeatureKind | undefined {
  return ([undefined, undefined, 'vector', 'tokens', 'map'] as const)[shape.length];
}

/**
 * One vector a picture: the mean over the places of a map, the mean over tokens, a vector as it is.
 *
 * Shapes: [N, C, H, W], [N, T, C] or [N, C] to [N, C].
 * @throws if the value has none of these shapes.
 */
export function featureVector(value: Value): Value {
  const kind = featureKindOf(value.shape);
  if (kind === 'map') return flatten(globalAveragePool(value));
  if (kind === 'tokens') return reduceMean(value, [1], false);
  if (kind === 'vector') return value;
  throw new Error(
    `'${value.name}' has ${value.shape.length} axes, but features are a map [N, C, H, W], tokens [N, T, C] or a vector [N, C]`,
  );
}
