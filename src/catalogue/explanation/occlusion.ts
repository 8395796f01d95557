import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { lossesByCovering } from './covered-pictures.ts';
import type { HeatMap } from './heat-map.ts';

/** A part of a picture that was covered, and what that took from the likeness. */
export interface CoveredWindow {
  /** Cosine to the other picture as it is, less the cosine with the window covered. */
  readonly loss: number;
  /** The heat in the window. */
  readonly sumOf: (heat: HeatMap) => number;
}

/** Windows along a side, and pixels a side of one, as a share of the picture. */
const steps = 7;
const share = 3 / 8;

/**
 * Covers a picture window by window, 7 x 7 that overlap, each of 3/8 of its sides, with its border's mean colour, and says what each takes from the
 * likeness to another picture: what a heat-map is checked by.
 *
 * Source: Zeiler and Fergus 2014, section 4.2.
 *
 * @param picture as it enters the network.
 * @param other the embedding of the other picture.
 * @param embed prepared pictures, one after the other, to rows of unit length.
 */
export async function occlusion(
  picture: RgbImage,
  other: Float32Array,
  embed: (pixels: Uint8Array) => Promise<Float32Array>,
): Promise<CoveredWindow[]> {
  const { width, height } = picture;
  const [w, h] = [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))];
  const windows = Array.from({ length: steps * steps }, (_, at) => ({
    x: Math.round(((at % steps) * (width - w)) / (steps - 1)),
    y: Math.round((Math.floor(at / steps) * (height - h)) / (steps - 1)),
  }));
  const parts = windows.map(({ x, y }) => ({ x, y, width: w, height: h }));
  const losses = await lossesByCovering(picture, parts, other, embed);
  return windows.map(({ x, y }, at) => ({
    loss: losses[at],
    sumOf(heat) {
      let sum = 0;
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) sum += heat.data[row * heat.width + column];
      }
      return sum;
    },
  }));
}

/** Spearman's rank correlation: Pearson's of the ranks, of equals their mean. NaN where all values of one are equal. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [ranksA, ranksB] = [ranksOf(a), ranksOf(b)];
  const mean = (a.length - 1) / 2;
  let [both, ofA, ofB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [ranksA[at] - mean, ranksB[at] - mean];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return both / Math.sqrt(ofA * ofB);
}

function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const less = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return less + (equal - 1) / 2;
  });
}
