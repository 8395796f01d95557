import { type WaveletSignature, waveletSide } from '../../pictures/features/wavelet-signature.ts';

/** One row a bin, one number a channel (Y, I, Q); the first row weighs the means. */
export type WaveletWeights = readonly (readonly [number, number, number])[];

/** The paper's weights for scanned queries, which it found by regression. */
export const scannedWeights: WaveletWeights = [
  [5.0, 19.21, 34.37],
  [0.83, 1.26, 0.36],
  [1.01, 0.44, 0.45],
  [0.52, 0.53, 0.14],
  [0.47, 0.28, 0.18],
  [0.3, 0.14, 0.27],
];

/** The bin of a coefficient: `min(max(row, column), 5)`. The coarse wavelets have bins of their own, all fine ones share. */
export function waveletBin(place: number): number {
  const unsigned = Math.abs(place);
  return Math.min(Math.max(Math.floor(unsigned / waveletSide), unsigned % waveletSide), 5);
}

/**
 * How unlike two pictures are by their wavelet signatures; smaller for more alike, and mostly below 0.
 *
 * Formula: `sum over channels c of w[0][c] |meanA[c] - meanB[c]| - sum over places that both signatures have, with the same
 * sign, of w[bin][c]`. It is symmetric, but no distance: of a picture to itself it is the smallest, but not 0.
 *
 * Source: Jacobs, Finkelstein and Salesin 1995, section 3.
 */
export function waveletScore(
  a: WaveletSignature,
  b: WaveletSignature,
  weights: WaveletWeights = scannedWeights,
): number {
  let score = 0;
  for (const [channel, places] of a.places.entries()) {
    score += weights[0][channel] * Math.abs(a.means[channel] - b.means[channel]);
    const others = b.places[channel];
    for (let i = 0, j = 0; i < places.length && j < others.length; ) {
      if (places[i] === others[j]) {
        score -= weights[waveletBin(places[i])][channel];
        i++;
        j++;
      } else if (places[i] < others[j]) {
        i++;
      } else {
        j++;
      }
    }
  }
  return score;
}
