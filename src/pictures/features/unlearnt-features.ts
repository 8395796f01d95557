import { type LongWork, partOf } from '../../foundation/progress/progress.ts';
import type { ImageSource } from '../datasets/dataset.ts';
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

/**
 * Judges each of the features in turn.
 *
 * @param judge is given the rows, and what people call the features.
 */
export async function judgeEach<Found>(
  { rawPixels, hog }: Pick<UnlearntFeatures, 'rawPixels' | 'hog'>,
  judge: (rows: FeatureRows, name: string) => Found | Promise<Found>,
): Promise<{ readonly rawPixels: Found; readonly hog: Found }> {
  return { rawPixels: await judge(rawPixels, 'raw pixels'), hog: await judge(hog, 'HOG') };
}

/**
 * Raw pixels and HOG of images (`hogFeature`), prepared as a model prepares them but at most 64 x 64 pixels large. Images that
 * cannot be decoded are passed over.
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
  return {
    rawPixels: await featureRows(indexes.length, (row) => pixelsFeature(imageAt(row))),
    hog: await featureRows(indexes.length, (row) => hogFeature(imageAt(row))),
    indexes,
  };
}
