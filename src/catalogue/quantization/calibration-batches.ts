import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { PictureDecoder } from '../../pictures/decoding/picture-decoder.ts';
import { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';
import { preprocess } from '../../pictures/preparation/preprocess.ts';
import { imageInput } from '../embedding/fixed-batches.ts';
import type { ModelMetadata } from '../embedding/model-metadata.ts';

/** Who hears of the images that ranges are observed on, and who may stop it. */
export interface CalibrationBatchOptions {
  /** Is told of every image once it has been looked at. */
  readonly onImage?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Images as feeds of a model, in batches of the model's size, the last one smaller: padding would be counted as pictures.
 * Images that cannot be read are passed over.
 *
 * @throws an AbortError if it was aborted.
 */
export async function* calibrationBatches(
  sources: readonly ImageSource[],
  { preprocessing, embeddingBatch }: Pick<ModelMetadata, 'preprocessing' | 'embeddingBatch'>,
  { onImage, signal }: CalibrationBatchOptions = {},
): AsyncGenerator<Record<string, Tensor>, void, undefined> {
  const { width, height } = preprocessing;
  const decoder = new PictureDecoder();
  for (let first = 0; first < sources.length; first += embeddingBatch) {
    throwIfAborted(signal);
    const some = sources.slice(first, first + embeddingBatch);
    const found = await Promise.all(
      some.map((source) => preprocess(source, preprocessing, { decoder }).catch(passOver)),
    );
    const pictures = found.filter((pixels) => pixels !== undefined);
    onImage?.(first + some.length);
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
