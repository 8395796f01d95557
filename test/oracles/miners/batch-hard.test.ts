import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { euclidean } from '../../../src/ranking/distances/euclidean.ts';
import { batchHardTriplets } from './batch-hard.ts';

describe('batchHardTriplets', () => {
  it('takes the farthest positive and the closest negative, and the first of equals', () => {
    // On a line: class 1 at 0, 2, -2, 1; class 2 at 3, 5; class 3 alone at -3.
    expect(batchHardTriplets([0, 2, -2, 1, 3, 5, -3], 1, [1, 1, 1, 1, 2, 2, 3])).toEqual([
      { query: 0, positive: 1, negative: 4 },
      { query: 1, positive: 2, negative: 4 },
      { query: 2, positive: 1, negative: 6 },
      { query: 3, positive: 2, negative: 4 },
      { query: 4, positive: 5, negative: 1 },
      { query: 5, positive: 4, negative: 1 },
    ]);
  });

  it('agrees with sorting all candidates, whatever the embeddings and labels', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }), fc.nat(3)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, (list) => {
        const squared = (i: number, j: number) => (list[i][0] - list[j][0]) ** 2 + (list[i][1] - list[j][1]) ** 2;
        const expected = list.flatMap(([, , label], query) => {
          const others = [...list.keys()].filter((row) => row !== query);
          const ofClass = others.filter((row) => list[row][2] === label);
          const [positive] = ofClass.sort((a, b) => squared(query, b) - squared(query, a) || a - b);
          const outside = others.filter((row) => list[row][2] !== label);
          const [negative] = outside.sort((a, b) => squared(query, a) - squared(query, b) || a - b);
          return positive === undefined || negative === undefined ? [] : [{ query, positive, negative }];
        });
        const labels = list.map(([, , label]) => label);
        const numbers = list.flatMap((row) => row.slice(0, 2));
        expect(batchHardTriplets(numbers, 2, labels)).toEqual(expected);
        expect(batchHardTriplets(numbers, 2, labels, euclidean)).toEqual(expected);
      }),
    );
  });

  it('refuses embeddings that do not fit the labels', () => {
    expect(() => batchHardTriplets([1, 2, 3], 2, [0, 1])).toThrow(
      'batch-hard mining: 2 labels and dimension 2 ask for 4',
    );
  });
});
