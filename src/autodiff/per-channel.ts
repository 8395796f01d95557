import { reduceSum, reshape } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';

/** Sum of a value [N, C, ...] over all axes but the channels'. Shape of the result: [C]. */
export function perChannelSum(x: Value): Value {
  return reduceSum(
    x,
    [...x.shape.keys()].filter((axis) => axis !== 1),
  );
}

/** One number a channel, shape [C], in a shape that broadcasts to `like`, [N, C, ...]. */
export function alongChannels(perChannel: Value, like: Value): Value {
  return reshape(perChannel, [-1, ...like.shape.slice(2).map(() => 1)]);
}
