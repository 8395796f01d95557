import { availableParallelism } from 'node:os';
import { mapBounded } from '../../foundation/concurrency/bounded-concurrency.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import type { ImageSource } from '../datasets/dataset.ts';
import { PictureDecoder } from '../decoding/picture-decoder.ts';
import type { PartialPictureLimits } from '../decoding/picture-limits.ts';
import { UnreadableImageError } from '../decoding/unreadable-image-error.ts';
import { preprocess } from '../preparation/preprocess.ts';
import type { PreprocessingRule } from '../preparation/preprocessing-rule.ts';

/** Limits of a picture, and who hears of the work. */
export interface ReadablePixelsOptions extends LongWork {
  readonly limits?: PartialPictureLimits | undefined;
}

/**
 * Images prepared by a rule, with as many at a time as the machine has threads; undefined for an image that cannot be
 * decoded.
 *
 * @param options limits of a picture, beyond which it is not decoded; who hears of it and may stop it: no further image is begun.
 */
export async function readablePixels(
  sources: readonly ImageSource[],
  rule: PreprocessingRule,
  { limits = {}, ...watched }: ReadablePixelsOptions = {},
): Promise<(Uint8Array | undefined)[]> {
  const decoder = new PictureDecoder(limits);
  let done = 0;
  return mapBounded(sources, availableParallelism(), async (source) => {
    const pixels = await preprocess(source, rule, { decoder }).catch((error: unknown) => {
      if (error instanceof UnreadableImageError) return undefined;
      throw error;
    });
    advance(watched, { work: 'looking at', unit: 'images', done: ++done, total: sources.length });
    return pixels;
  });
}
