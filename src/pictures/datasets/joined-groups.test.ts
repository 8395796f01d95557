import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedGroups } from './joined-groups.ts';

describe('joinedGroups', () => {
  it('numbers every group by its first place, and what is in no pair by its own', () => {
    expect([...joinedGroups(0, [])]).toEqual([]);
    expect([...joinedGroups(3, [])]).toEqual([0, 1, 2]);
    const pairs = [
      { a: 6, b: 2 },
      { a: 4, b: 4 },
      { a: 5, b: 1 },
      { a: 6, b: 5 },
    ];
    expect([...joinedGroups(7, pairs)]).toEqual([0, 1, 1, 3, 4, 1, 1]);
    expect([...joinedGroups(7, pairs.reverse())]).toEqual([0, 1, 1, 3, 4, 1, 1]);
  });

  it('joins what can be reached over pairs, and nothing else', () => {
    const pair = fc.record({ a: fc.nat(9), b: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
        // The smallest number that comes to a place when each pair passes on the smaller of its two, ten times over.
        const smallest = Array.from({ length: 10 }, (_, place) => place);
        for (let round = 0; round < 10; round++) {
          for (const { a, b } of pairs) {
            const smaller = Math.min(smallest[a], smallest[b]);
            smallest[a] = smaller;
            smallest[b] = smaller;
          }
        }
        expect([...joinedGroups(10, pairs)]).toEqual(smallest);
      }),
    );
  });
});
