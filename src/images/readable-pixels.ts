import { availableParallelism } from 'node:os';
import type { ImageSource } from '../datasets/dataset.ts';
import { mapBounded } from './bounded-concurrency.ts';
import { PictureDecoder } from './picture-decoder.ts';
import type { PartialPictureLimits } from './picture-limits.ts';
import { preprocess } from './preprocess.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';
import { UnreadableImageError } from './unreadable-image-error.ts';

/**
 * Images prepared by a rule, with as many at a time as the machine has threads; undefined for an image that cannot be
 * decoded.
 *
 * @param limits of a picture; one beyond them is not decoded.
 * @param onProgress told how many have been looked at. What it throws stops the work: no further image is begun.
 */
export async function readablePixels(
  sources: readonly ImageSource[],
  rule: PreprocessingRule,
  onProgress?: (done: number, total: number) => void,
  limits: PartialPictureLimits = {},
): Promise<(Uint8Array | undefined)[]> {
  const decoder = new PictureDecoder(limits);
  let done = 0;
  return mapBounded(sources, availableParallelism(), async (source) => {
    const pixels = await preprocess(source, rule, { decoder }).catch((error: unknown) => {
      if (error instanceof UnreadableImageError) return undefined;
      throw error;
    });
    onProgress?.(++done, sources.length);
    return pixels;
  });
}
