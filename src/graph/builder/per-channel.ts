import { sizeOf, staticShape } from '../tensor/shape.ts';
import type { Value } from './graph.ts';
import { fusedMatMul, mul, reduceSum, reshape } from './operations.ts';

/** Sum of a value [N, C, ...] over all axes but the channels'. Shape of the result: [C]. */
export function perChannelSum(x: Value): Value {
  return reduceSum(
    x,
    [...x.shape.keys()].filter((axis) => axis !== 1),
  );
}

/** Fewest places of a channel for which a matrix product a channel costs less than writing the products down. */
const fewestPlaces = 128;

/**
 * Sum of the product of two values [N, C, ...] over all axes but the channels': a dot product for each image and channel, so
 * that the product itself is never written down; or the product, where it is small. Shape of the result: [C].
 */
export function perChannelDot(x: Value, y: Value): Value {
  const places = sizeOf(staticShape(x.shape, 'a dot product a channel').slice(2));
  if (places < fewestPlaces) return perChannelSum(mul(x, y));
  const rows = (value: Value) => reshape(value, [Number(value.shape[0]), Number(value.shape[1]), 1, -1]);
  return reduceSum(fusedMatMul(rows(x), rows(y), { transB: 1 }), [0, 2, 3]);
}

/** One number a channel, shape [C], in a shape that broadcasts to `like`, [N, C, ...]. */
export function alongChannels(perChannel: Value, like: Value): Value {
  return reshape(perChannel, [-1, ...like.shape.slice(2).map(() => 1)]);
}
