import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedBatches } from './shared-batches.ts';

/** Batches whose row of an image is its first byte doubled; `sizes` are the batches that were run. */
function doubling(size: number, milliseconds = 5) {
  const sizes: number[] = [];
  const batches = new SharedBatches(size, async (images) => {
    sizes.push(images.length);
    await pause(milliseconds);
    if (images.some(([first]) => first === 13)) throw new Error('13 is not doubled');
    return images.map(([first]) => Float32Array.of(2 * first));
  });
  return { batches, sizes };
}

const values = (rows: readonly Float32Array[]) => rows.map(([value]) => value);

describe('SharedBatches', () => {
  it('puts images of one turn, and those that come while a batch runs, into batches of the size at most', async () => {
    const { batches, sizes } = doubling(4);
    const first = [1, 2, 3].map((value) => batches.row(Uint8Array.of(value)));
    await pause(2);
    expect(sizes).toEqual([3]);
    const later = [4, 5, 6, 7, 8, 9].map((value) => batches.row(Uint8Array.of(value)));
    expect(batches.waiting).toBe(6);
    expect(values(await Promise.all([...first, ...later]))).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(sizes).toEqual([3, 4, 2]);
    expect(values([await batches.row(Uint8Array.of(10))])).toEqual([20]);
    expect(sizes).toEqual([3, 4, 2, 1]);
  });

  it('fails the images of a batch that failed, and goes on with the next', async () => {
    const { batches } = doubling(2);
    const outcomes = await Promise.allSettled([1, 13, 3, 4].map((value) => batches.row(Uint8Array.of(value))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect((outcomes[0] as PromiseRejectedResult).reason.message).toBe('13 is not doubled');
  });
});
