import type { Value } from '../../../graph/builder/graph.ts';
import { add, mul, reduceLogSumExp, softplus, sub } from '../../../graph/builder/operations.ts';

/** Takes the place of minus infinity where an element must not count. */
export const excluded = -1e9;

/** `x` where the mask is 1, and a number so low that no maximum or exponential sees it where it is 0. Shapes: as `x`. */
export function keepOnly(x: Value, mask: Value): Value {
  return add(mul(x, mask), mul(sub(1, mask), excluded));
}

/**
 * `log(1 + sum over an axis of mask exp(x))`, without overflow. An empty sum gives 0, and no gradient. Shapes: `x` and `mask`
 * alike, the axis left out.
 */
export function logOnePlusSumExp(x: Value, mask: Value, axis: number): Value {
  return softplus(reduceLogSumExp(keepOnly(x, mask), [axis]));
}
