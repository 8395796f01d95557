import type { WaveletSignature } from '../../pictures/features/wavelet-signature.ts';
import { scannedWeights, type WaveletWeights, waveletBin } from './wavelet-score.ts';

/**
 * Signatures to be searched: for each channel, place and sign the pictures that have it, so that a query looks only at
 * pictures with which it shares something.
 *
 * Source: Jacobs, Finkelstein and Salesin 1995, section 4, the arrays `D+` and `D-`.
 */
export class WaveletIndex {
  readonly #signatures: readonly WaveletSignature[];
  readonly #weights: WaveletWeights;
  /** By channel: from a signed place to the pictures that have it. */
  readonly #having: readonly Map<number, number[]>[];

  constructor(signatures: readonly WaveletSignature[], weights: WaveletWeights = scannedWeights) {
    this.#signatures = signatures;
    this.#weights = weights;
    this.#having = weights[0].map((_, channel) => {
      const having = new Map<number, number[]>();
      for (const [picture, { places }] of signatures.entries()) {
        for (const place of places[channel]) {
          const list = having.get(place);
          if (list === undefined) having.set(place, [picture]);
          else list.push(picture);
        }
      }
      return having;
    });
  }

  /** `waveletScore` of a query to every picture, in their order. */
  scores(query: WaveletSignature): Float64Array {
    const scores = Float64Array.from(this.#signatures, ({ means }) =>
      means.reduce((sum, mean, channel) => sum + this.#weights[0][channel] * Math.abs(query.means[channel] - mean), 0),
    );
    for (const [channel, places] of query.places.entries()) {
      for (const place of places) {
        const weight = this.#weights[waveletBin(place)][channel];
        for (const picture of this.#having[channel].get(place) ?? []) scores[picture] -= weight;
      }
    }
    return scores;
  }
}
