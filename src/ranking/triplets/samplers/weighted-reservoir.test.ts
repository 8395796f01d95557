import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareDeviations, type Law, successiveSamplingLaw } from '../../../../test/fixtures/importance-law.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { WeightedReservoir } from './weighted-reservoir.ts';

const idsOf = (reservoir: WeightedReservoir) => reservoir.entries.map(({ id }) => id).sort((a, b) => a - b);

/** How often each content is held at the end of the last pass. */
function count(weights: readonly number[], capacity: number, runs: number, passes = 1): Law {
  const random = RandomSource.fromSeed(1, weights.join());
  const counts: Law = new Map();
  for (let run = 0; run < runs; run++) {
    const reservoir = new WeightedReservoir(capacity);
    for (let pass = 0; pass < passes; pass++) {
      for (const [id, weight] of weights.entries()) reservoir.offer(id, weight, 1 - random.uniform(), pass);
    }
    const held = idsOf(reservoir).join();
    counts.set(held, (counts.get(held) ?? 0) + 1);
  }
  return counts;
}

describe('WeightedReservoir', () => {
  it.each([
    [[1, 1, 8], 2],
    [[1, 1, 8], 1],
    [[1, 2, 3, 4, 5], 3],
    [[0.001, 0, 1000, 3, 3, 0.5], 2],
  ])('holds what successive sampling by weight gives: weights %j, capacity %i', (weights, capacity) => {
    const law = successiveSamplingLaw(weights, capacity);
    expect(chiSquareDeviations(law, count(weights, capacity, 40_000))).toBeLessThan(4);
    expect(chiSquareDeviations(law, count(weights, capacity, 40_000, 3))).toBeLessThan(4);
  });

  it('does not give a heavy record its share of the weight in a buffer of two: 0.49, not 0.8', () => {
    const law = successiveSamplingLaw([1, 1, 8], 2);
    const drawn = [...law].reduce((sum, [held, p]) => sum + (held.split(',').includes('2') ? p / 2 : 0), 0);
    expect(drawn).toBeCloseTo(0.4889, 4);
    let seen = 0;
    for (const [held, times] of count([1, 1, 8], 2, 40_000)) seen += held.split(',').includes('2') ? times / 2 : 0;
    expect(Math.abs(seen / 40_000 - drawn)).toBeLessThan(0.003);
  });

  it('holds the largest keys whatever comes, says what is not held, and stays a heap', () => {
    const offers = fc.array(
      fc.record({ id: fc.nat(12), weight: fc.constantFrom(0, 1e-300, 0.5, 1, 40), u: fc.integer({ min: 1, max: 64 }) }),
    );
    fc.assert(
      fc.property(offers, fc.integer({ min: 1, max: 5 }), fc.nat(12), (stream, capacity, removed) => {
        const reservoir = new WeightedReservoir(capacity);
        const held = new Set<number>();
        for (const [place, { id, weight, u }] of stream.entries()) {
          const pass = Math.floor(place / 10);
          const keyed = new Map(reservoir.entries.map((entry) => [entry.id, [entry.pass, entry.key]]));
          held.add(id);
          const left = reservoir.offer(id, weight, u / 64, pass);
          if (left !== undefined) held.delete(left);
          expect(idsOf(reservoir)).toEqual([...held].sort((a, b) => a - b));
          if (weight === 0) expect(left).toBe(id);
          else keyed.set(id, [pass, Math.max(Math.log(u / 64) / weight, -Number.MAX_VALUE)]);
          const smaller = (a: number[], b: number[]) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
          for (const entry of reservoir.entries) {
            expect([entry.pass, entry.key]).toEqual(keyed.get(entry.id));
            // Nothing that left is larger than anything that stayed.
            if (left === undefined || weight === 0) continue;
            expect(smaller([entry.pass, entry.key], keyed.get(left)!)).toBe(false);
          }
          reservoir.entries.forEach((entry, at, heap) => {
            const parent = heap[Math.max(0, (at - 1) >> 1)];
            expect(smaller([entry.pass, entry.key], [parent.pass, parent.key])).toBe(false);
          });
        }
        reservoir.remove(removed);
        held.delete(removed);
        expect(idsOf(reservoir)).toEqual([...held].sort((a, b) => a - b));
        expect(reservoir.has(removed)).toBe(false);
        const copy = WeightedReservoir.from(capacity, JSON.parse(JSON.stringify(reservoir.entries)));
        expect(copy.entries).toEqual(reservoir.entries);
      }),
    );
  });

  it('refuses capacities and weights that mean nothing', () => {
    for (const capacity of [0, 1.5, Number.NaN]) {
      expect(() => new WeightedReservoir(capacity)).toThrow(`at least 1, got ${capacity}`);
    }
    for (const weight of [-1, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => new WeightedReservoir(2).offer(7, weight, 0.5, 0)).toThrow(`record 7 is ${weight}`);
    }
  });
});
