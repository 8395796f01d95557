import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { type LongWork, longWorkRules } from '../../foundation/progress/progress.ts';
import type { ImageSource } from '../datasets/dataset.ts';
import type { RgbImage } from '../decoding/rgb-image.ts';
import { preprocessingRule } from '../preparation/preprocessing-rule.ts';
import { resizeTriangle } from '../preparation/resize.ts';
import { readablePixels } from './readable-pixels.ts';

/** Pixels a side of a thumbnail. */
export const thumbnailSide = 32;

/** A picture brought to 32 x 32 pixels, whatever its shape: `32 * 32 * 3` bytes of RGB. */
export function thumbnailOf(image: RgbImage): Uint8Array {
  return resizeTriangle(image, thumbnailSide, thumbnailSide).data;
}

/**
 * Thumbnails of images, decoded with as many at a time as the machine has threads; undefined for an image that cannot be
 * decoded. Memory: 3 KiB an image.
 *
 * @param watched who hears of it, and may stop it: no further image is begun.
 */
export async function thumbnailsOf(
  sources: readonly ImageSource[],
  watched: LongWork = {},
): Promise<(Uint8Array | undefined)[]> {
  checkOptions(watched, longWorkRules);
  return readablePixels(sources, preprocessingRule(thumbnailSide, thumbnailSide), watched);
}
