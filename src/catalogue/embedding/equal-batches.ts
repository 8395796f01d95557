import type { Program } from '../../engines/engine.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { embedInFixedBatches } from './fixed-batches.ts';
import type { ModelMetadata } from './model-metadata.ts';

/**
 * The batches shorter than a model's own in which every row has the bits that it has in a whole one, ascending.
 *
 * Kernels are chosen by the lengths of a batch and never by what is in it, so that it is found by trying: powers of two from 2 on, with
 * pictures of random pixels. A program for one length, and kernels that add up in another order for fewer rows, have none.
 *
 * @returns lengths of batches; empty where none will do.
 */
export async function equalBatches(
  program: Program,
  metadata: Pick<ModelMetadata, 'preprocessing' | 'embeddingBatch' | 'dimension'>,
): Promise<number[]> {
  const { embeddingBatch, preprocessing } = metadata;
  const bytesOfImage = preprocessing.height * preprocessing.width * 3;
  const random = RandomSource.fromSeed(0, 'batches of equal bits');
  const pixels = Uint8Array.from({ length: embeddingBatch * bytesOfImage }, () => random.integer(256));
  const whole = bitsOf(await embedInFixedBatches(program, metadata, pixels));
  const equal: number[] = [];
  for (let length = 2; length < embeddingBatch; length *= 2) {
    const shorter = { ...metadata, embeddingBatch: length };
    const rows = await embedInFixedBatches(program, shorter, pixels.subarray(0, length * bytesOfImage)).catch(
      (error: unknown) => {
        // It takes no batch of this length.
        if (error instanceof EngineError) return undefined;
        throw error;
      },
    );
    if (rows !== undefined && bitsOf(rows).every((bits, at) => bits === whole[at])) equal.push(length);
  }
  return equal;
}

const bitsOf = ({ buffer, byteOffset, length }: Float32Array) => new Uint32Array(buffer, byteOffset, length);
