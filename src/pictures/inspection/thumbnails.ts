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
 * @param onProgress told how many have been looked at. What it throws stops the work: no further image is begun.
 */
export async function thumbnailsOf(
  sources: readonly ImageSource[],
  onProgress?: (done: number, total: number) => void,
): Promise<(Uint8Array | undefined)[]> {
  return readablePixels(sources, preprocessingRule(thumbnailSide, thumbnailSide), onProgress);
}
