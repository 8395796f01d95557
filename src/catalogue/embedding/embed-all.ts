import { valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { ImageArgument } from '../../pictures/decoding/image-argument.ts';
import type { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';
import { checkEmbedder, type Embedder, type EmbedOptions } from './embedder.ts';

/** Embeddings of those images that could be decoded. */
export interface EmbeddedImages {
  /** One row an image, `dimension` numbers each. */
  readonly data: Float32Array;
  readonly dimension: number;
  /** For each row, the place of its image among the sources; ascending. */
  readonly indexes: readonly number[];
  readonly unreadable: readonly { readonly index: number; readonly error: UnreadableImageError }[];
}

const imageList = valueLike<readonly ImageArgument[]>('an array of images', (value) => Array.isArray(value));

/**
 * Embeds all of `sources` into one table.
 *
 * @throws if none of them could be decoded, with the first one's reason.
 */
export async function embedAll(
  embedder: Embedder,
  sources: readonly ImageArgument[],
  options: EmbedOptions = {},
): Promise<EmbeddedImages> {
  checkEmbedder(embedder, 'embedder');
  checkArgument(sources, imageList, 'sources');
  const { dimension } = embedder;
  const data = new Float32Array(sources.length * dimension);
  const indexes: number[] = [];
  const unreadable: { index: number; error: UnreadableImageError }[] = [];
  for await (const result of embedder.embedSources(sources, options)) {
    if ('unreadable' in result) {
      unreadable.push({ index: result.index, error: result.unreadable });
    } else {
      data.set(result.vector, indexes.length * dimension);
      indexes.push(result.index);
    }
  }
  if (indexes.length === 0 && unreadable.length > 0) {
    throw new DatasetError(
      `none of the ${sources.length} images can be read; the first: ${unreadable[0].error.message}`,
    );
  }
  return { data: data.subarray(0, indexes.length * dimension), dimension, indexes, unreadable };
}
