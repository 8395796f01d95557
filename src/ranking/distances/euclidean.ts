import { add, sqrt } from '../../graph/builder/operations.ts';
import type { Distance } from './distance.ts';
import { squaredEuclidean } from './squared-euclidean.ts';

/**
 * Added under the square root of the graph forms. The gradient of a row pair is `(a - b) / sqrt(|a - b|^2 + epsilon)`:
 * its length is below 1 everywhere and it is exactly 0 for identical rows, where the plain root would give 0 / 0. The
 * factor that reverse mode meets on the way, `1 / (2 sqrt(epsilon))`, is 5e5 at most: far from overflow in float32.
 */
const epsilon = 1e-12;

/**
 * Euclidean distance, the distance of the article.
 *
 * Formula: `sqrt(sum_d (a_d - b_d)^2)`; 0 to 2 on unit vectors. The graph forms are
 * `sqrt(sum_d (a_d - b_d)^2 + 1e-12)`, which is 1e-6 for identical rows and, from a distance of 0.01 on, larger by less
 * than 1e-10. The numeric form has no epsilon: identical vectors are at distance 0.
 *
 * `pairwise` is the root of the expanded form, see `squaredEuclidean`: unit rows closer than about 5e-4 come out with an
 * error of that order.
 *
 * Source: Zingade 2017.
 */
export const euclidean: Distance = {
  name: 'euclidean',
  largest: 2,
  between: (a, b) => Math.sqrt(squaredEuclidean.between(a, b)),
  graph: (a, b) => sqrt(add(squaredEuclidean.graph(a, b), epsilon)),
  pairwise: (a, b) => sqrt(add(squaredEuclidean.pairwise(a, b), epsilon)),
};
