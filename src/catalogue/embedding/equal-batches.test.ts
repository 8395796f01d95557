import { describe, expect, it } from 'vitest';
import type { Program } from '../../engines/engine.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { equalBatches } from './equal-batches.ts';
import { embedInFixedBatches } from './fixed-batches.ts';

const side = 2;
const size = side * side * 3;
const metadata = { preprocessing: preprocessingRule(side, side), embeddingBatch: 16, dimension: 2 };

/** A program whose rows are the sums of an image's bytes, and a number that its batch's length decides; it notes the lengths. */
function adding(ofLength: (length: number) => number) {
  const lengths: number[] = [];
  const program: Program = {
    inputs: ['image'],
    outputs: ['embedding'],
    async run({ image }) {
      if (!('data' in image) || !(image.data instanceof Uint8Array)) throw new Error('the images are bytes');
      const { data } = image;
      const length = data.length / size;
      lengths.push(length);
      const rows = Array.from({ length }, (_, row) => [
        data.subarray(row * size, (row + 1) * size).reduce((sum, byte) => sum + byte, 0),
        ofLength(length),
      ]);
      return { embedding: tensor('float32', [length, 2], Float32Array.from(rows.flat())) };
    },
    release: async () => undefined,
  };
  return { program, lengths };
}

const images = (count: number) => Uint8Array.from({ length: count * size }, (_, at) => (7 * at) % 256);

describe('equalBatches', () => {
  it('finds the lengths whose rows have the bits of a whole batch, to the last one', async () => {
    // One unit in the last place of 1, and the other zero.
    const { program } = adding((length) => (length === 4 ? 1 + 2 ** -23 : 1));
    expect(await equalBatches(program, metadata)).toEqual([2, 8]);
    const signed = adding((length) => (length === 16 ? 0 : -0));
    expect(await equalBatches(signed.program, metadata)).toEqual([]);
  });

  it('finds none where a program takes one length alone, and throws what else goes wrong', async () => {
    const only = (error: Error) =>
      adding((length) => {
        if (length !== 16) throw error;
        return 1;
      }).program;
    expect(await equalBatches(only(new EngineError('of another shape')), metadata)).toEqual([]);
    await expect(equalBatches(only(new Error('out of memory')), metadata)).rejects.toThrow('out of memory');
  });

  it('lets few images have the shortest of them that holds them, and gives them the rows of a whole one', async () => {
    const { program, lengths } = adding(() => 1);
    for (const count of [1, 2, 3, 5, 9, 16, 17]) {
      const whole = await embedInFixedBatches(program, metadata, images(count));
      lengths.length = 0;
      expect(await embedInFixedBatches(program, metadata, images(count), [2, 8])).toEqual(whole);
      expect(lengths).toEqual({ 1: [2], 2: [2], 3: [8], 5: [8], 9: [16], 16: [16], 17: [16, 16] }[count]);
    }
  });
});
