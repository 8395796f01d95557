import { describe, expect, it } from 'vitest';
import { float32, tensor } from '../graph/tensor/tensor.ts';
import { inFixedBatches, tableOfRows } from './fixed-batches.ts';

describe('inFixedBatches', () => {
  it('gives a row for each item, whatever their number, from batches of one size', async () => {
    for (const count of [0, 1, 3, 4, 9]) {
      const items = Array.from({ length: count }, (_, place) => place + 1);
      const seen: number[][] = [];
      const run = async (batch: readonly number[]) => {
        seen.push([...batch]);
        return float32(
          [batch.length, 2],
          batch.flatMap((item) => [item, -item]),
        );
      };
      const table = await tableOfRows(inFixedBatches(items, 4, run), count, 2);
      expect([...table]).toEqual(items.flatMap((item) => [item, -item]));
      expect(seen.every((batch) => batch.length === 4)).toBe(true);
      expect(seen).toHaveLength(Math.ceil(count / 4));
      // The last batch is filled with its first item.
      if (count === 9) expect(seen[2]).toEqual([9, 9, 9, 9]);
    }
  });

  it('hands on each batch with its items, and refuses rows of another type', async () => {
    const run = async (batch: readonly string[]) => float32([batch.length], [1, 2]);
    const batches = [];
    for await (const batch of inFixedBatches(['a', 'b', 'c'], 2, run)) batches.push(batch);
    expect(batches.map(({ first, items, rows }) => ({ first, items, rows: [...rows] }))).toEqual([
      { first: 0, items: ['a', 'b'], rows: [1, 2] },
      { first: 2, items: ['c'], rows: [1] },
    ]);
    const whole = async () => tensor('int64', [2]);
    await expect(tableOfRows(inFixedBatches(['a'], 2, whole), 1, 1)).rejects.toThrow('rows of int64, not of float32');
  });
});
