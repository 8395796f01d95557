import { type LongWork, partOf } from '../../foundation/progress/progress.ts';
import type { ImageSource } from '../datasets/dataset.ts';
import type { RgbImage } from '../decoding/rgb-image.ts';
import { readablePixels } from '../inspection/readable-pixels.ts';
import type { PreprocessingRule } from '../preparation/preprocessing-rule.ts';
import { type FeatureRows, featureRows, hogFeature, largestSide, pixelsFeature } from './unlearnt-feature.ts';

/** What a learnt embedding has to beat, for those images that could be decoded. */
export interface UnlearntFeatures {
  readonly rawPixels: FeatureRows;
  readonly hog: FeatureRows;
  /** For each row, the place of its image among the sources; ascending. */
  readonly indexes: readonly number[];
}

/** Numbers that raw pixels of all images may take together, 256 MB. */
const mostNumbers = 2 ** 26;

/**
 * Raw pixels and HOG of images (`hogFeature`), prepared as a model prepares them but at most 64 x 64 pixels large. Of more than 5,461
 * images of 64 x 64 raw pixels are means of 2 x 2, so that their table keeps within 256 MB. Images that cannot be decoded are passed over.
 *
 * @param watched who hears of it, and may stop it: no further image is begun.
 */
export async function unlearntFeatures(
  sources: readonly ImageSource[],
  rule: PreprocessingRule,
  watched: LongWork = {},
): Promise<UnlearntFeatures> {
  const width = Math.min(rule.width, largestSide);
  const height = Math.min(rule.height, largestSide);
  const pictures = await readablePixels(sources, { ...rule, width, height }, partOf(watched, 'features'));
  const indexes = pictures.flatMap((picture, index) => (picture === undefined ? [] : [index]));
  const imageAt = (row: number) => ({ width, height, data: pictures[indexes[row]]! });
  const small = indexes.length * width * height * 3 > mostNumbers ? halved : (picture: RgbImage) => picture;
  return {
    rawPixels: await featureRows(indexes.length, (row) => pixelsFeature(small(imageAt(row)))),
    hog: await featureRows(indexes.length, (row) => hogFeature(imageAt(row))),
    indexes,
  };
}

/** Means of 2 x 2 pixels; a last odd row or column is left out. Pictures of one pixel a side stay. */
export function halved(picture: RgbImage): RgbImage {
  const [width, height] = [picture.width >> 1, picture.height >> 1];
  if (width === 0 || height === 0) return picture;
  const data = new Uint8Array(width * height * 3);
  const row = 3 * picture.width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const at = 2 * y * row + 6 * x + channel;
        const sum = picture.data[at] + picture.data[at + 3] + picture.data[at + row] + picture.data[at + row + 3];
        data[3 * (y * width + x) + channel] = Math.round(sum / 4);
      }
    }
  }
  return { width, height, data };
}
