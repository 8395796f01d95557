import { checkLengths } from './check-lengths.ts';
import type { SearchDistance } from './search-distance.ts';

/**
 * Manhattan distance: the sum of the differences along each axis.
 *
 * Formula: `sum_d |a_d - b_d|`; on unit vectors of D elements 0 to `2 sqrt(D)`. It depends on the axes: turning all
 * embeddings changes it, where Euclidean and cosine distances stay.
 */
export const manhattan: SearchDistance = {
  name: 'manhattan',
  between(a, b) {
    checkLengths(a, b);
    let sum = 0;
    for (let d = 0; d < a.length; d++) sum += Math.abs(a[d] - b[d]);
    return sum;
  },
};
