import type { Value } from '../../../graph/builder/graph.ts';
import { gather, reshape } from '../../../graph/builder/operations.ts';

/** What takes the place of an infinite number where a candidate must not be chosen. */
export const farAway = 1e9;

/** The place of the largest element of each row; of equal ones the first. [N, C] to int64 [N]. */
export function argMax(x: Value): Value {
  return x.graph.apply('ArgMax', [x], { axis: 1, keepdims: 0 })[0];
}

/** Elements of a matrix by their place when its rows are laid end to end: `size` elements, int64 [N] to [N]. */
export function elementsAt(matrix: Value, size: number, places: Value): Value {
  return gather(reshape(matrix, [size]), places);
}
