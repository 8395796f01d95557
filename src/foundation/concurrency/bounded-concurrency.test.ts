import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapBounded } from './bounded-concurrency.ts';

describe('mapBounded', () => {
  it('gives the results in the order of the items, with at most so many jobs at a time', async () => {
    let underWay = 0;
    let most = 0;
    const results = await mapBounded([30, 1, 20, 5, 10], 2, async (milliseconds) => {
      most = Math.max(most, ++underWay);
      await pause(milliseconds);
      underWay--;
      return 2 * milliseconds;
    });
    expect(results).toEqual([60, 2, 40, 10, 20]);
    expect(most).toBe(2);
    expect(await mapBounded([], 2, async () => 1)).toEqual([]);
    expect(await mapBounded([7], 2, async (item) => item)).toEqual([7]);
  });

  it('passes the first error on when the jobs under way are done, and begins no other after it', async () => {
    const begun: number[] = [];
    const done: number[] = [];
    const work = mapBounded([0, 1, 2, 3, 4, 5], 3, async (item) => {
      begun.push(item);
      await pause(item === 1 ? 1 : 30);
      if (item > 0) throw new Error(`item ${item} is broken`);
      done.push(item);
    });
    await expect(work).rejects.toThrow('item 1 is broken');
    expect(begun).toEqual([0, 1, 2]);
    expect(done).toEqual([0]);
  });

  it('refuses a number of jobs that makes no sense', async () => {
    for (const limit of [0, 1.5, Number.NaN]) {
      await expect(mapBounded([1], limit, async () => 1)).rejects.toThrow(`at most ${limit} jobs at a time`);
    }
  });
});
