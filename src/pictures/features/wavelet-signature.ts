import { InternalError } from '../../foundation/errors/internal-error.ts';
import type { RgbImage } from '../decoding/rgb-image.ts';
import { decomposeHaar } from './haar-decomposition.ts';

/** Both sides of a picture that has a signature, in pixels. */
export const waveletSide = 128;

/** The few wavelet coefficients that a picture is known by. One entry a channel: Y, I, Q. */
export interface WaveletSignature {
  /** Mean of the channel, of RGB from 0 to 1: the coefficient at [0, 0]. */
  readonly means: Float64Array;
  /**
   * Where the coefficients of largest magnitude are, ascending: `row * 128 + column`, negated where the coefficient is
   * negative. The mean's place, 0, is never among them.
   */
  readonly places: readonly Int16Array[];
}

/** From RGB to YIQ, as graphics books of the paper's time round it. Rows of I and Q sum to 0: grey has neither. */
const yiq = [
  [0.299, 0.587, 0.114],
  [0.596, -0.275, -0.321],
  [0.212, -0.523, 0.311],
] as const;

/** Coefficients below are what rounding leaves of 0. */
const nothing = 1e-9;

/**
 * The wavelet signature of a picture: its YIQ channels are decomposed by the standard Haar wavelets, and of the `count`
 * coefficients of largest magnitude in each channel place and sign are kept, nothing else, beside the channel's mean.
 *
 * Of equal magnitudes the one of the lower place is kept. A channel with fewer coefficients that are not 0 has fewer: a
 * picture of one colour has none.
 *
 * @param image 128 x 128 pixels.
 * @param count default 40: the paper's for scanned queries (60 for painted ones).
 * @throws if the picture is of another size, or `count` is not a whole number from 1 to 16383.
 * Source: Jacobs, Finkelstein and Salesin, "Fast multiresolution image querying", SIGGRAPH 1995, sections 3 and 4.
 */
export function waveletSignature({ width, height, data }: RgbImage, count = 40): WaveletSignature {
  if (width !== waveletSide || height !== waveletSide) {
    throw new InternalError(
      `a wavelet signature is of a picture of 128 x 128 pixels, got ${width} x ${height}: resize it first`,
    );
  }
  if (!(Number.isInteger(count) && count >= 1 && count < waveletSide ** 2)) {
    throw new InternalError(
      `a wavelet signature has a whole number of coefficients from 1 to 16383 a channel, got ${count}`,
    );
  }
  const means = new Float64Array(yiq.length);
  const places = yiq.map(([red, green, blue], channel) => {
    const values = new Float64Array(waveletSide ** 2);
    for (let i = 0; i < values.length; i++) {
      values[i] = (red * data[3 * i] + green * data[3 * i + 1] + blue * data[3 * i + 2]) / 255;
    }
    decomposeHaar(values, waveletSide);
    means[channel] = values[0];
    return largestPlaces(values, count);
  });
  return { means, places };
}

/** Signed places of the `count` numbers of largest magnitude, without the first; ascending. */
function largestPlaces(values: Float64Array, count: number): Int16Array {
  // Largest first. Most numbers are smaller than the last of these, and cost one comparison.
  const kept: number[] = [];
  for (let place = 1; place < values.length; place++) {
    const size = Math.abs(values[place]);
    if (size < nothing || (kept.length === count && size <= Math.abs(values[kept[count - 1]]))) continue;
    if (kept.length === count) kept.pop();
    let at = kept.length;
    while (at > 0 && Math.abs(values[kept[at - 1]]) < size) at--;
    kept.splice(at, 0, place);
  }
  return Int16Array.from(kept, (place) => (values[place] < 0 ? -place : place)).sort();
}
