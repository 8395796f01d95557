import type { Value } from '../../graph/builder/graph.ts';
import { add, gemm, mul, reduceSum, relu, sub, transpose } from '../../graph/builder/operations.ts';
import { checkLengths } from './check-lengths.ts';
import type { Distance } from './distance.ts';

/**
 * Squared Euclidean distance, the distance of the paper: its gradient is smooth everywhere.
 *
 * Formula: `sum_d (a_d - b_d)^2`; 0 to 4 on unit vectors. It ranks as the Euclidean distance does, but a gap measured in
 * it is another gap.
 *
 * `pairwise` takes the expanded form `|a|^2 + |b|^2 - 2 a.b`, one matrix product. It loses what cancels: about 2e-7 on
 * unit vectors in float32. What rounding makes negative becomes 0, and no gradient flows there.
 *
 * Source: Wang et al. 2014, equation 1.
 */
export const squaredEuclidean: Distance = {
  name: 'squared-euclidean',
  largest: 4,
  between: squaredDifference,
  graph(a, b) {
    const difference = sub(a, b);
    return reduceSum(mul(difference, difference), [1]);
  },
  pairwise(a, b) {
    const lengths = add(squaredLengths(a), transpose(squaredLengths(b), [1, 0]));
    return relu(add(lengths, gemm(a, b, undefined, { alpha: -2, transB: 1 })));
  },
};

/** [N, D] -> [N, 1]. */
function squaredLengths(rows: Value): Value {
  return reduceSum(mul(rows, rows), [1], true);
}

function squaredDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkLengths(a, b);
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2;
  return sum;
}
