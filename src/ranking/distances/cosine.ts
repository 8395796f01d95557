import { gemm, l2Normalize, mul, reduceSum, sub } from '../../graph/builder/operations.ts';
import { checkLengths } from './check-lengths.ts';
import type { Distance } from './distance.ts';

/**
 * Cosine distance: one minus the cosine of the angle between two vectors, whatever their lengths.
 *
 * Formula: `1 - a.b / (|a| |b|)`; 0 to 2. On unit vectors it is half the squared Euclidean distance. A vector of zeros
 * has no angle: it is at distance 1 from everything.
 */
export const cosine: Distance = {
  name: 'cosine',
  largest: 2,
  between(a, b) {
    checkLengths(a, b);
    let dot = 0;
    let aa = 0;
    let bb = 0;
    for (let d = 0; d < a.length; d++) {
      dot += a[d] * b[d];
      aa += a[d] * a[d];
      bb += b[d] * b[d];
    }
    return aa === 0 || bb === 0 ? 1 : 1 - dot / (Math.sqrt(aa) * Math.sqrt(bb));
  },
  graph: (a, b) => sub(1, reduceSum(mul(l2Normalize(a), l2Normalize(b)), [1])),
  pairwise: (a, b) => sub(1, gemm(l2Normalize(a), l2Normalize(b), undefined, { transB: 1 })),
};
