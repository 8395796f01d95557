import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { PictureDecoder } from '../../pictures/decoding/picture-decoder.ts';
import { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';
import { preprocess } from '../../pictures/preparation/preprocess.ts';
import { imageInput } from '../embedding/fixed-batches.ts';
import type { ModelMetadata } from '../embedding/model-metadata.ts';

/**
 * Images as feeds of a model, in batches of the model's size, the last one smaller: padding would be counted as pictures.
 * Images that cannot be read are passed over.
 *
 * @throws an AbortError if it was aborted.
 */
export async function* calibrationBatches(
  sources: readonly ImageSource[],
  { preprocessing, embeddingBatch }: Pick<ModelMetadata, 'preprocessing' | 'embeddingBatch'>,
  watched: LongWork = {},
): AsyncGenerator<Record<string, Tensor>, void, undefined> {
  const { width, height } = preprocessing;
  const decoder = new PictureDecoder();
  for (let first = 0; first < sources.length; first += embeddingBatch) {
    throwIfAborted(watched.signal);
    const some = sources.slice(first, first + embeddingBatch);
    const found = await Promise.all(
      some.map((source) => preprocess(source, preprocessing, { decoder }).catch(passOver)),
    );
    const pictures = found.filter((pixels) => pixels !== undefined);
    advance(watched, { work: 'calibrating', unit: 'images', done: first + some.length, total: sources.length });
    if (pictures.length === 0) continue;
    const batch = tensor('uint8', [pictures.length, height, width, 3]);
    for (const [row, pixels] of pictures.entries()) batch.data.set(pixels, row * pixels.length);
    yield { [imageInput]: batch };
  }
}

function passOver(error: unknown): undefined {
  if (!(error instanceof UnreadableImageError)) throw error;
  return undefined;
}
