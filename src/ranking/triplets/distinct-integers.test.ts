import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { DistinctIntegers } from './distinct-integers.ts';

describe('DistinctIntegers', () => {
  it('gives as many different integers as asked for, or all of them, draw after draw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 8 }),
        fc.integer(),
        (asked, seed) => {
          const random = RandomSource.fromSeed(seed);
          const integers = new DistinctIntegers(40);
          for (const [count, below] of asked) {
            const chosen = new Uint32Array(41).fill(99);
            const size = integers.draw(count, below, random, chosen);
            expect(size).toBe(Math.min(count, below));
            expect(new Set(chosen.subarray(0, size)).size).toBe(size);
            for (const k of chosen.subarray(0, size)) expect(k).toBeLessThan(below);
            expect(chosen.subarray(size).every((k) => k === 99)).toBe(true);
          }
        },
      ),
    );
  });

  it('gives every set equally often', () => {
    const random = RandomSource.fromSeed(1);
    const integers = new DistinctIntegers(6);
    const chosen = new Uint32Array(3);
    const counts = new Map<string, number>();
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw++) {
      integers.draw(3, 6, random, chosen);
      const set = [...chosen].sort().join();
      counts.set(set, (counts.get(set) ?? 0) + 1);
    }
    // 20 sets, 1000 expected of each: five standard deviations are 154.
    expect(counts.size).toBe(20);
    for (const count of counts.values()) expect(Math.abs(count - draws / 20)).toBeLessThan(154);
  });

  it('refuses what there is no room for', () => {
    const random = RandomSource.fromSeed(1);
    const integers = new DistinctIntegers(5);
    expect(() => integers.draw(2, 6, random, new Uint32Array(2))).toThrow(
      '2 of 6 do not fit: there is room for 2 of 5',
    );
    expect(() => integers.draw(3, 5, random, new Uint32Array(2))).toThrow(
      '3 of 5 do not fit: there is room for 2 of 5',
    );
  });
});
