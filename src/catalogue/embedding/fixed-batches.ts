import type { Program } from '../../engines/engine.ts';
import { inFixedBatches, tableOfRows } from '../../engines/fixed-batches.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import type { ModelMetadata } from './model-metadata.ts';

/** The name that every model's graph gives its input. */
export const imageInput = 'image';
/** The name that every model's graph gives its output. */
export const embeddingOutput = 'embedding';

/**
 * Runs a model over any number of prepared images, always in batches of the model's one size; see `inFixedBatches`.
 *
 * @param pixels n images of `height * width * 3` bytes, one after the other.
 * @param equal shorter batches whose rows have the same bits, ascending: fewer images than a whole batch has go through the shortest
 *   that holds them. Default: none.
 * @returns n rows of `dimension` numbers.
 * @throws if `pixels` does not hold whole images.
 */
export async function embedInFixedBatches(
  program: Program,
  { preprocessing, embeddingBatch, dimension }: Pick<ModelMetadata, 'preprocessing' | 'embeddingBatch' | 'dimension'>,
  pixels: Uint8Array,
  equal: readonly number[] = [],
): Promise<Float32Array> {
  const { width, height } = preprocessing;
  const size = height * width * 3;
  if (pixels.length % size !== 0) {
    throw new EngineError(
      `${pixels.length} bytes are not whole images of ${height} x ${width} x 3: prepare them by the model's rule`,
    );
  }
  const images = Array.from({ length: pixels.length / size }, (_, image) => image);
  const length = equal.find((one) => one >= images.length) ?? embeddingBatch;
  const batches = inFixedBatches(images, length, async (places) => {
    // Made anew each time: what an engine is fed belongs to it.
    const batch = new Uint8Array(length * size);
    for (const [row, place] of places.entries())
      batch.set(pixels.subarray(place * size, (place + 1) * size), row * size);
    const image = tensor('uint8', [length, height, width, 3], batch);
    const { [embeddingOutput]: rows } = await program.run({ [imageInput]: image }, { fetch: [embeddingOutput] });
    return rows;
  });
  return tableOfRows(batches, images.length, dimension);
}

/** Prepared images one after the other, as `embedInFixedBatches` takes them. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
