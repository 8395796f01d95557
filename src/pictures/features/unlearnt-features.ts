import type { ImageSource } from '../datasets/dataset.ts';
import { readablePixels } from '../inspection/readable-pixels.ts';
import type { PreprocessingRule } from '../preparation/preprocessing-rule.ts';
import { hog } from './hog.ts';

/** Rows of features that nothing was learnt for. */
export interface FeatureTable {
  readonly data: Float32Array;
  readonly dimension: number;
}

/** What a learnt embedding has to beat, for those images that could be decoded. */
export interface UnlearntFeatures {
  /** The pixels themselves, `height * width * 3` numbers from 0 to 1. */
  readonly rawPixels: FeatureTable;
  /** Histograms of oriented gradients, see `hog`. */
  readonly hog: FeatureTable;
  /** For each row, the place of its image among the sources; ascending. */
  readonly indexes: readonly number[];
}

/** Larger pictures are made this large: beyond, the tables grow and the features get no better. */
const largestSide = 64;

/**
 * Raw pixels and HOG of images, prepared as a model prepares them but at most 64 x 64 pixels large. HOG takes cells of
 * 8 x 8 pixels, of a quarter of the side below 32. Images that cannot be decoded are passed over.
 *
 * @param onProgress told how many have been looked at. What it throws stops the work: no further image is begun.
 */
export async function unlearntFeatures(
  sources: readonly ImageSource[],
  rule: PreprocessingRule,
  onProgress?: (done: number) => void,
): Promise<UnlearntFeatures> {
  const width = Math.min(rule.width, largestSide);
  const height = Math.min(rule.height, largestSide);
  const cellSize = Math.min(8, Math.max(1, Math.floor(Math.min(width, height) / 4)));
  const pictures = await readablePixels(sources, { ...rule, width, height }, onProgress);
  const indexes = pictures.flatMap((picture, index) => (picture === undefined ? [] : [index]));
  const size = width * height * 3;
  const raw = new Float32Array(indexes.length * size);
  let gradients = new Float32Array(0);
  let dimension = 0;
  for (const [row, index] of indexes.entries()) {
    const data = pictures[index]!;
    for (let place = 0; place < size; place++) raw[row * size + place] = data[place] / 255;
    const feature = hog({ width, height, data }, { cellSize });
    if (row === 0) {
      dimension = feature.length;
      gradients = new Float32Array(indexes.length * dimension);
    }
    gradients.set(feature, row * dimension);
  }
  return { rawPixels: { data: raw, dimension: size }, hog: { data: gradients, dimension }, indexes };
}
