import { availableParallelism } from 'node:os';
import type { ImageSource } from '../datasets/dataset.ts';
import { BoundedConcurrency } from './bounded-concurrency.ts';
import { preprocess } from './preprocess.ts';
import { preprocessingRule } from './preprocessing-rule.ts';
import { resizeTriangle } from './resize.ts';
import type { RgbImage } from './rgb-image.ts';
import { UnreadableImageError } from './unreadable-image-error.ts';

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
 * @param onProgress told how many have been looked at. What it throws stops the work.
 */
export async function thumbnailsOf(
  sources: readonly ImageSource[],
  onProgress?: (done: number, total: number) => void,
): Promise<(Uint8Array | undefined)[]> {
  const rule = preprocessingRule(thumbnailSide, thumbnailSide);
  const decoders = new BoundedConcurrency(availableParallelism());
  let done = 0;
  return Promise.all(
    sources.map((source) =>
      decoders.run(async () => {
        const thumbnail = await preprocess(source, rule).catch((error: unknown) => {
          if (error instanceof UnreadableImageError) return undefined;
          throw error;
        });
        onProgress?.(++done, sources.length);
        return thumbnail;
      }),
    ),
  );
}
