import type { RgbImage } from '../decoding/rgb-image.ts';
import { hog } from './hog.ts';

/** Pixels a side, at most, of the pictures that HOG is taken of: beyond, tables grow and the features get no better. */
export const largestSide = 64;

/** The pixels themselves, `height * width * 3` numbers from 0 to 1. */
export function pixelsFeature({ data }: RgbImage): Float32Array {
  return Float32Array.from(data, (value) => value / 255);
}

/** Histograms of oriented gradients (see `hog`) in cells of 8 x 8 pixels, of a quarter of the shorter side below 32. */
export function hogFeature(picture: RgbImage): Float64Array {
  const cellSize = Math.min(8, Math.max(1, Math.floor(Math.min(picture.width, picture.height) / 4)));
  return hog(picture, { cellSize });
}

/** Rows of features that nothing was learnt for. */
export interface FeatureRows {
  readonly data: Float32Array;
  readonly dimension: number;
}

/** The features of `count` pictures, one row each; all are of one length. */
export async function featureRows(
  count: number,
  featureOf: (row: number) => ArrayLike<number> | Promise<ArrayLike<number>>,
): Promise<FeatureRows> {
  let data = new Float32Array(0);
  let dimension = 0;
  for (let row = 0; row < count; row++) {
    const feature = await featureOf(row);
    if (row === 0) {
      dimension = feature.length;
      data = new Float32Array(count * dimension);
    }
    data.set(feature, row * dimension);
  }
  return { data, dimension };
}
