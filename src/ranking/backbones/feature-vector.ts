import { flatten, reduceMean } from '../../graph/builder/operations.ts';
import type { Value } from '../../graph/builder/value.ts';
import type { Shape } from '../../graph/tensor/shape.ts';
import type { FeatureAxes } from './feature-axes.ts';

/** What a tensor of a network is, by its axes. */
export type FeatureKind = 'map' | 'tokens' | 'vector';

/** A spatial map of four axes, tokens of three, a vector of two; undefined for anything else. */
export function featureKindOf(shape: Shape): FeatureKind | undefined {
  return ([undefined, undefined, 'vector', 'tokens', 'map'] as const)[shape.length];
}

/**
 * One vector a picture: the mean over the places, for each channel. Several axes of channels (heads and their features) become
 * one, in their order.
 *
 * Shapes: [N, C, H, W], [N, H, W, C], [N, T, C] or [N, C] to [N, C].
 */
export function featureVector(value: Value, { channels, places }: FeatureAxes): Value {
  const means = places.length === 0 ? value : reduceMean(value, places, false);
  return channels.length === 1 ? means : flatten(means);
}
