import { checkLengths } from './check-lengths.ts';
import type { SearchDistance } from './search-distance.ts';

/**
 * Hamming distance of binarised vectors: in how many elements one is above 0 and the other is not; see `signBits`. A whole
 * number from 0 to the vectors' length. On unit vectors whose signs are those of random projections it grows with the
 * angle: the expected share of bits that differ is the angle as a share of 180 degrees.
 *
 * Source: Charikar, "Similarity estimation techniques from rounding algorithms", 2002.
 */
export const hamming: SearchDistance = {
  name: 'hamming',
  between(a, b) {
    checkLengths(a, b);
    let different = 0;
    for (let d = 0; d < a.length; d++) if (a[d] > 0 !== b[d] > 0) different++;
    return different;
  },
};
