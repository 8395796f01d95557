import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { euclidean } from '../../../src/ranking/distances/euclidean.ts';
import { semiHardTriplets } from './semi-hard.ts';

const onCircle = (degrees: readonly number[]) =>
  degrees.flatMap((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]);

describe('semiHardTriplets', () => {
  it('takes the closest negative beyond the positive, on a circle', () => {
    // Query at 0, positive at 30; negatives at 10 (too close), 40 (semi-hard) and 90.
    const triplets = semiHardTriplets(onCircle([0, 30, 10, 40, 90]), 2, [1, 1, 2, 3, 4]);
    expect(triplets).toEqual([
      { query: 0, positive: 1, negative: 3 },
      { query: 1, positive: 0, negative: 4 },
    ]);
  });

  it('takes the farthest negative where none is beyond the positive', () => {
    const triplets = semiHardTriplets(onCircle([0, 120, 10, 50, 30]), 2, [1, 1, 2, 2, 2]);
    expect(triplets[0]).toEqual({ query: 0, positive: 1, negative: 3 });
  });

  it('does not take a negative as far as the positive for semi-hard, and the first of equals', () => {
    // Exact numbers: from 0, the positive 2 and the negatives -2, 3, -3, 1.
    const triplets = semiHardTriplets([0, 2, -2, 3, -3, 1], 1, [1, 1, 2, 2, 2, 2]);
    expect(triplets[0]).toEqual({ query: 0, positive: 1, negative: 3 });
    const easyless = semiHardTriplets([0, 2, -2, 2, 1], 1, [1, 1, 2, 2, 2]);
    expect(easyless[0]).toEqual({ query: 0, positive: 1, negative: 2 });
  });

  it('agrees with sorting all candidates, whatever the embeddings and labels', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }), fc.nat(3)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, (list) => {
        const squared = (i: number, j: number) => (list[i][0] - list[j][0]) ** 2 + (list[i][1] - list[j][1]) ** 2;
        const expected = list.flatMap(([, , label], query) =>
          list.flatMap(([, , other], positive) => {
            if (positive === query || other !== label) return [];
            const byDistance = [...list.keys()]
              .filter((row) => list[row][2] !== label)
              .sort((a, b) => squared(query, a) - squared(query, b) || a - b);
            const beyond = byDistance.filter((row) => squared(query, row) > squared(query, positive));
            const last = byDistance.filter((row) => squared(query, row) === squared(query, byDistance.at(-1)!));
            const negative = beyond[0] ?? last[0];
            return negative === undefined ? [] : [{ query, positive, negative }];
          }),
        );
        const labels = list.map(([, , label]) => label);
        const numbers = list.flatMap((row) => row.slice(0, 2));
        expect(semiHardTriplets(numbers, 2, labels)).toEqual(expected);
        expect(semiHardTriplets(numbers, 2, labels, euclidean)).toEqual(expected);
      }),
    );
  });

  it('refuses embeddings that do not fit the labels', () => {
    expect(() => semiHardTriplets([1, 2, 3], 2, [0, 1])).toThrow('ask for 4 numbers, got 3');
  });
});
