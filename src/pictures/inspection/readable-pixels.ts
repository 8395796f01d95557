import { availableParallelism } from 'node:os';
import { mapBounded } from '../../foundation/concurrency/bounded-concurrency.ts';
import type { ImageSource } from '../datasets/dataset.ts';
import { PictureDecoder } from '../decoding/picture-decoder.ts';
import type { PartialPictureLimits } from '../decoding/picture-limits.ts';
import { UnreadableImageError } from '../decoding/unreadable-image-error.ts';
import { preprocess } from '../preparation/preprocess.ts';
import type { PreprocessingRule } from '../preparation/preprocessing-rule.ts';

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
