import type { Program } from '../../engines/engine.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import type { ModelMetadata } from './model-metadata.ts';

/** The name that every model's graph gives its input. */
export const imageInput = 'image';
/** The name that every model's graph gives its output. */
export const embeddingOutput = 'embedding';

/**
 * Runs a model over any number of prepared images, always in batches of the model's one size, the last one padded with
 * black pictures: kernels are chosen by the batch's size, so that only then a vector does not depend on its neighbours.
 *
 * @param pixels n images of `height * width * 3` bytes, one after the other.
 * @returns n rows of `dimension` numbers.
 * @throws if `pixels` does not hold whole images.
 */
export async function embedInFixedBatches(
  program: Program,
  { preprocessing, embeddingBatch, dimension }: Pick<ModelMetadata, 'preprocessing' | 'embeddingBatch' | 'dimension'>,
  pixels: Uint8Array,
): Promise<Float32Array> {
  const { width, height } = preprocessing;
  const size = height * width * 3;
  if (pixels.length % size !== 0) {
    throw new Error(
      `${pixels.length} bytes are not whole images of ${height} x ${width} x 3: prepare them by the model's rule`,
    );
  }
  const count = pixels.length / size;
  const embeddings = new Float32Array(count * dimension);
  for (let first = 0; first < count; first += embeddingBatch) {
    // Made anew each time: what an engine is fed belongs to it.
    const batch = new Uint8Array(embeddingBatch * size);
    batch.set(pixels.subarray(first * size, (first + embeddingBatch) * size));
    const image = tensor('uint8', [embeddingBatch, height, width, 3], batch);
    const { [embeddingOutput]: rows } = await program.run({ [imageInput]: image }, { fetch: [embeddingOutput] });
    if (rows.type !== 'float32') throw new Error(`the model's embedding is ${rows.type}, not float32`);
    const wanted = Math.min(embeddingBatch, count - first);
    embeddings.set(rows.data.subarray(0, wanted * dimension), first * dimension);
  }
  return embeddings;
}
