import type { Value } from '../../graph/builder/graph.ts';
import {
  concat,
  flatten,
  l2Normalize,
  lengthOf,
  max,
  pow,
  reduceMean,
  slice,
  squeeze,
} from '../../graph/builder/operations.ts';
import type { Shape } from '../../graph/tensor/shape.ts';
import type { Pooling, TrunkConfig } from '../networks/trunk-config.ts';
import type { FeatureAxes } from './feature-axes.ts';

/** What a tensor of a network is, by its axes. */
export type FeatureKind = 'map' | 'tokens' | 'vector';

/** A spatial map of four axes, tokens of three, a vector of two; undefined for anything else. */
export function featureKindOf(shape: Shape): FeatureKind | undefined {
  return ([undefined, undefined, 'vector', 'tokens', 'map'] as const)[shape.length];
}

/** The exponent of the generalised mean. */
const exponent = 3;
/** The least that counts in it: a root of zero has no gradient. */
const least = 1e-6;
/** Cells along each side of a grid of places. */
export const gridSide = 3;

/**
 * One vector a picture, for each channel one number of its places. Several axes of channels (heads and their features) become
 * one, in their order.
 *
 * - `mean`: the mean over the places.
 * - `generalized-mean`: `mean(max(x, 1e-6)^3)^(1/3)`, between the mean and the largest: what is strong somewhere counts more. For
 *   maps behind a ReLU, which have nothing below zero.
 * - `first`: the first of the tokens, which in vision transformers stands for the whole picture.
 * - `grid`: the means over the cells of a grid of 3 x 3, one behind the other, row by row: what is where counts, too. Cell i of a
 *   side of L places begins at `round(i L / 3)`.
 *
 * Shapes: [N, C, H, W], [N, H, W, C], [N, T, C] or [N, C] to [N, C]; a grid, of maps of at least 3 x 3 places, to [N, 9 C]. A vector
 * [N, C] is pooled already.
 * Source: Radenovic, Tolias and Chum, "Fine-tuning CNN image retrieval with no human annotation", 2018, equation 3; for
 * the grid Lazebnik, Schmid and Ponce, "Beyond bags of features: spatial pyramid matching", 2006.
 */
export function featureVector(
  value: Value,
  { channels, places }: FeatureAxes,
  { pooling = 'mean', unit }: Pick<TrunkConfig, 'pooling' | 'unit'> = {},
): Value {
  const pooled = places.length === 0 ? value : pooledBy(pooling, value, places);
  const vector = channels.length === 1 ? pooled : flatten(pooled);
  return unit === true ? l2Normalize(vector) : vector;
}

function pooledBy(pooling: Pooling, value: Value, places: readonly number[]): Value {
  if (pooling === 'mean') return reduceMean(value, places, false);
  if (pooling === 'first') {
    // Of several axes each gives its first place; the last goes first, so that the others keep their numbers.
    const firstOf = (left: Value, axis: number) => squeeze(slice(left, [{ axis, start: 0, end: 1 }]), [axis]);
    return [...places].sort((a, b) => b - a).reduce(firstOf, value);
  }
  if (pooling === 'grid') return gridMeans(value, places);
  return pow(reduceMean(pow(max(value, least), exponent), places, false), 1 / exponent);
}

function gridMeans(value: Value, places: readonly number[]): Value {
  const [down, across] = places;
  const cells = cellsAlong(value, down).flatMap((vertical) =>
    cellsAlong(value, across).map((horizontal) => reduceMean(slice(value, [vertical, horizontal]), places, false)),
  );
  return concat(cells, 1);
}

/** The parts of an axis, as equal as its length allows. */
function cellsAlong(value: Value, axis: number) {
  const length = lengthOf(value, axis);
  const edge = (cell: number) => Math.round((cell * length) / gridSide);
  return Array.from({ length: gridSide }, (_, cell) => ({ axis, start: edge(cell), end: edge(cell + 1) }));
}
