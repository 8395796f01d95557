import type { Value } from '../../../graph/builder/graph.ts';
import { cast, div, mul } from '../../../graph/builder/operations.ts';

/** Steps of a fixed-point number, so fine that float32 numbers of about 1 lose nothing. */
const steps = 2 ** 40;

/**
 * The same numbers, through which no gradient flows: they go by way of whole numbers, which have none. Elements have to be of
 * size 1 or so, as those of unit vectors are; what is below 1e-12 is lost.
 */
export function stopGradient(x: Value): Value {
  return div(cast(cast(mul(x, steps), 'int64'), x.type), steps);
}
