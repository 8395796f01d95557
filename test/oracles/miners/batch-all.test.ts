import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchAllTriplets } from './batch-all.ts';

describe('batchAllTriplets', () => {
  it('lists them in order', () => {
    expect([...batchAllTriplets([5, 7, 5, 6])]).toEqual([
      { query: 0, positive: 2, negative: 1 },
      { query: 0, positive: 2, negative: 3 },
      { query: 2, positive: 0, negative: 1 },
      { query: 2, positive: 0, negative: 3 },
    ]);
  });

  it('gives nothing without a pair or without another class', () => {
    expect([...batchAllTriplets([])]).toEqual([]);
    expect([...batchAllTriplets([1, 2, 3])]).toEqual([]);
    expect([...batchAllTriplets([1, 1, 1])]).toEqual([]);
  });

  it('gives each of the triplets that the class sizes allow once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 10 }), (labels) => {
        const found = [...batchAllTriplets(labels)];
        const sizes = [0, 1, 2, 3].map((label) => labels.filter((other) => other === label).length);
        expect(found.length).toBe(sizes.reduce((sum, n) => sum + n * Math.max(0, n - 1) * (labels.length - n), 0));
        expect(new Set(found.map((t) => `${t.query},${t.positive},${t.negative}`)).size).toBe(found.length);
        for (const { query, positive, negative } of found) {
          expect(positive !== query && labels[positive] === labels[query] && labels[negative] !== labels[query]).toBe(
            true,
          );
        }
      }),
    );
  });
});
