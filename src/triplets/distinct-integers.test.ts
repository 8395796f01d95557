import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../random/random-source.ts';
import { distinctIntegers } from './distinct-integers.ts';

describe('distinctIntegers', () => {
  it('gives as many different integers as asked for, or all of them', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.integer(), (count, below, seed) => {
        const chosen = [...distinctIntegers(count, below, RandomSource.fromSeed(seed))];
        expect(chosen.length).toBe(Math.min(count, below));
        for (const k of chosen) expect(Number.isInteger(k) && k >= 0 && k < below).toBe(true);
      }),
    );
  });

  it('gives every set equally often', () => {
    const random = RandomSource.fromSeed(1);
    const counts = new Map<string, number>();
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw++) {
      const set = [...distinctIntegers(3, 6, random)].sort().join();
      counts.set(set, (counts.get(set) ?? 0) + 1);
    }
    // 20 sets, 1000 expected of each: five standard deviations are 154.
    expect(counts.size).toBe(20);
    for (const count of counts.values()) expect(Math.abs(count - draws / 20)).toBeLessThan(154);
  });
});
