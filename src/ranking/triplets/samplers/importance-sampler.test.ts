import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chiSquareDeviations,
  firstTripletLaw,
  type Law,
  type LawOptions,
  type LawRecord,
} from '../../../../test/fixtures/importance-law.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import type { ImportanceOptions } from './importance-options.ts';
import { ImportanceSampler } from './importance-sampler.ts';

/** A stream with its relevances: symmetric, in steps of a quarter, with zeros. */
function smallCase(categories: readonly number[], seed: number) {
  const random = RandomSource.fromSeed(seed, 'small case');
  const table = categories.map(() => categories.map(() => 0));
  for (let a = 0; a < categories.length; a++) {
    for (let b = 0; b < a; b++) {
      if (categories[a] !== categories[b]) continue;
      table[a][b] = random.integer(5) / 4;
      table[b][a] = table[a][b];
    }
  }
  const records = categories.map(
    (category, id): LawRecord => ({ id, category, total: table[id].reduce((sum, r) => sum + r, 0) }),
  );
  return { records, relevance: (a: number, b: number) => table[a][b] };
}

/** First triplets of many streams, each with a sampler of its own. */
function countFirst(
  { records, relevance }: ReturnType<typeof smallCase>,
  options: LawOptions,
  outOfClass: boolean,
  runs: number,
): Law {
  const counts: Law = new Map();
  for (let run = 0; run < runs; run++) {
    const sampler = ImportanceSampler.fromSeed(relevance, { ...options, outOfClass: 0.5 }, run * 977 + 5);
    for (const { id, category, total } of records) sampler.offer(id, category, total);
    const triplet = sampler.draw(outOfClass);
    const name = triplet === undefined ? 'none' : [triplet.query, triplet.positive, triplet.negative].join();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

const endless = 1000;
const options: LawOptions = { capacity: 3, margin: 0.25, limit: Number.POSITIVE_INFINITY, maxFailures: 2 };

describe('ImportanceSampler', () => {
  it.each<[string, number[], Partial<LawOptions>]>([
    ['two categories, both larger than their buffers', [0, 0, 0, 0, 1, 1, 1, 1, 1], {}],
    ['three categories, some smaller', [0, 0, 0, 0, 0, 1, 1, 2, 2, 2], {}],
    ['everything held', [3, 3, 3, 3, 8, 8, 8], { capacity: 4 }],
    ['a limit of relevance', [0, 0, 0, 0, 0, 1, 1, 1, 1], { limit: 0.5, margin: 0 }],
    ['a margin that few reach', [0, 0, 0, 0, 0, 1, 1, 1, 1], { margin: 0.75, maxFailures: 1 }],
  ])('draws by the law of the procedure, written out: %s', (_, categories, changes) => {
    const own = { ...options, ...changes };
    for (const [seed, outOfClass] of [
      [1, true],
      [2, false],
      [3, true],
      [4, false],
    ] as const) {
      const small = smallCase(categories, seed);
      const law = firstTripletLaw(small.records, small.relevance, own, outOfClass);
      expect([...law.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
      expect(law.size).toBeGreaterThan(1);
      const counts = countFirst(small, own, outOfClass, 20_000);
      expect(chiSquareDeviations(law, counts), `seed ${seed}`).toBeLessThan(4);
    }
  });

  it('would not pass for another law: the test sees a share of a hundredth', () => {
    const small = smallCase([0, 0, 0, 0, 1, 1, 1, 1, 1], 1);
    const law = firstTripletLaw(small.records, small.relevance, options, false);
    const counts = countFirst(small, options, false, 20_000);
    const uniformQuery = firstTripletLaw(
      small.records.map((record) => ({ ...record, total: record.total > 0 ? 2 : 0 })),
      small.relevance,
      options,
      false,
    );
    expect(chiSquareDeviations(law, counts)).toBeLessThan(4);
    expect(chiSquareDeviations(uniformQuery, counts)).toBeGreaterThan(20);
  });

  it('drops a query that fails, keeps the others, and gives up where nothing is left', () => {
    // 0 and 1 are alike; 2 and 3 are alike to 0 and 1 only as much as to each other, so they have no in-class negative.
    const table = [
      [0, 1, 0.5, 0.5],
      [1, 0, 0.5, 0.5],
      [0.5, 0.5, 0, 0.5],
      [0.5, 0.5, 0.5, 0],
    ];
    const left: number[] = [];
    const sampler = ImportanceSampler.fromSeed(
      (a, b) => table[a][b],
      { outOfClass: 0, margin: 0.5, capacity: 4, maxFailures: 3 },
      1,
      (id) => left.push(id),
    );
    for (let id = 0; id < 4; id++) sampler.offer(id, 0, 1.5 + (id < 2 ? 0.5 : 0));
    for (let drawn = 0; drawn < 200; drawn++) {
      const triplet = sampler.next();
      if (triplet === undefined) break;
      expect(new Set([triplet.query, triplet.positive])).toEqual(new Set([0, 1]));
      expect([2, 3]).toContain(triplet.negative);
    }
    expect(left.slice(0, 1)).toEqual([expect.toSatisfy((id: number) => id >= 2)]);
    // Of one category there is no negative from another.
    expect(sampler.draw(true)).toBeUndefined();
  });

  it('keeps the share of negatives of other categories, however often one kind fails', () => {
    const small = smallCase([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 4);
    const sampler = ImportanceSampler.fromSeed(
      small.relevance,
      { outOfClass: 0.2, margin: 0.5, capacity: 5, maxFailures: endless },
      3,
    );
    for (const { id, category, total } of small.records) sampler.offer(id, category, total);
    let outside = 0;
    for (let drawn = 0; drawn < 20_000; drawn++) {
      const { query, positive, negative } = sampler.next()!;
      const category = (id: number) => small.records[id].category;
      expect(category(positive)).toBe(category(query));
      if (category(negative) !== category(query)) outside++;
      else expect(small.relevance(query, positive) - small.relevance(query, negative)).toBeGreaterThanOrEqual(0.5);
    }
    // Five standard deviations of a share of 0.2 in 20,000.
    expect(Math.abs(outside / 20_000 - 0.2)).toBeLessThan(0.0142);
  });

  it('converges to queries in proportion to total relevance as the buffer gets small beside the category', () => {
    const weights = [1, 2, 8];
    const distance = (n: number): { readonly law: number; readonly seen: number } => {
      // `n` records of each weight, a buffer of 4: the share of queries by weight, by the law and by counting.
      const exact = weights.map((_, kind) => (n * inclusion(weights, n, kind, 4)) / 4);
      const ideal = weights.map((weight) => weight / 11);
      const counts = weights.map(() => 0);
      const runs = 12_000;
      for (let run = 0; run < runs; run++) {
        const sampler = ImportanceSampler.fromSeed(() => 1, { outOfClass: 0, margin: 0, capacity: 4 }, run);
        for (let id = 0; id < 3 * n; id++) sampler.offer(id, 0, weights[id % 3]);
        counts[sampler.next()!.query % 3]++;
      }
      for (const [kind, count] of counts.entries()) expect(Math.abs(count / runs - exact[kind])).toBeLessThan(0.02);
      const far = (shares: number[]) => shares.reduce((sum, s, kind) => sum + Math.abs(s - ideal[kind]) / 2, 0);
      return { law: far(exact), seen: far(counts.map((count) => count / runs)) };
    };
    const [tiny, small, large] = [2, 8, 32].map(distance);
    expect(tiny.law).toBeGreaterThan(0.2);
    expect(small.law).toBeLessThan(tiny.law / 3);
    expect(large.law).toBeLessThan(small.law / 3);
    expect(large.law).toBeLessThan(0.015);
    expect(large.seen).toBeLessThan(0.03);
  });

  it('never holds more than its buffers, and says of every record when it is held no longer', () => {
    const stream = fc.array(
      fc.record({ id: fc.nat(40), total: fc.option(fc.constantFrom(0, 0.5, 3)), draw: fc.boolean() }),
    );
    fc.assert(
      fc.property(stream, fc.integer({ min: 3, max: 5 }), fc.integer(), (offers, capacity, seed) => {
        const held = new Set<number>();
        const relevance = (a: number, b: number) => {
          expect(a % 3).toBe(b % 3);
          expect(a).not.toBe(b);
          for (const id of [a, b]) expect(held.has(id)).toBe(true);
          return ((a * b) % 4) / 4;
        };
        const options: ImportanceOptions = { outOfClass: 0.5, margin: 0.25, capacity, maxFailures: 2 };
        const sampler = ImportanceSampler.fromSeed(relevance, options, seed, (id) => held.delete(id));
        for (const [place, { id, total, draw }] of offers.entries()) {
          if (place % 30 === 29) sampler.startPass();
          held.add(id);
          sampler.offer(id, id % 3, total ?? undefined);
          if (draw) sampler.next();
          const { ids, waiting, sizes } = sampler.state;
          expect([...ids, ...waiting.filter((id) => id >= 0)].sort((a, b) => a - b)).toEqual(
            [...held].sort((a, b) => a - b),
          );
          expect(sampler.held).toBe(ids.length);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(capacity);
          expect(sizes.length).toBe(sampler.categoryCount);
        }
      }),
    );
  });

  it('continues bit for bit from its state, written as JSON', () => {
    const relevance = (a: number, b: number) => ((a * 7 + b * 7) % 11) / 10;
    const options: ImportanceOptions = { outOfClass: 0.4, margin: 0.2, limit: 0.8, capacity: 4, maxFailures: 2 };
    const work = (sampler: ImportanceSampler, from: number, count: number) => {
      const drawn: unknown[] = [];
      for (let id = from; id < from + count; id++) {
        if (id % 40 === 0) sampler.startPass();
        sampler.offer(id % 40, id % 4, id % 5 === 0 ? undefined : 0.3 + (id % 9));
        drawn.push(sampler.next() ?? null);
      }
      return drawn;
    };
    for (let before = 0; before < 120; before += 7) {
      const sampler = ImportanceSampler.fromSeed(relevance, options, before);
      work(sampler, 0, before);
      const resumed = ImportanceSampler.fromState(relevance, options, JSON.parse(JSON.stringify(sampler.state)));
      expect(work(resumed, before, 60)).toEqual(work(sampler, before, 60));
      expect(resumed.state).toEqual(sampler.state);
    }
  });

  it('estimates totals that records do not carry, against what its buffer holds', () => {
    const relevance = (a: number, b: number) => (a === 9 || b === 9 ? 0 : (a + b) / 8);
    const options: ImportanceOptions = { outOfClass: 0, margin: 0, capacity: 3 };
    const sampler = ImportanceSampler.fromSeed(relevance, options, 1);
    const totals = () => Object.fromEntries(sampler.state.ids.map((id, k) => [id, sampler.state.weights[k]]));
    // 9 is relevant to nobody: it waits, and goes when 1 comes.
    sampler.offer(9, 0);
    expect(sampler.state.waiting).toEqual([9]);
    sampler.offer(1, 0);
    expect([sampler.state.waiting, sampler.held]).toEqual([[1], 0]);
    // Three times the mean relevance to the one that is there.
    sampler.offer(3, 0);
    expect([sampler.state.waiting, totals()]).toEqual([[-1], { 1: 1.5, 3: 1.5 }]);
    // Three times the mean of (1 + 5) / 8 and (3 + 5) / 8.
    sampler.offer(5, 0);
    expect(totals()).toEqual({ 1: 1.5, 3: 1.5, 5: 2.625 });
    expect(sampler.state.sums).toEqual([5.625]);
    sampler.offer(9, 0);
    expect(sampler.held).toBe(3);
  });

  it('gives nothing where nothing can be drawn', () => {
    const sampler = ImportanceSampler.fromSeed(() => 1, { outOfClass: 0.5, margin: 2, capacity: 3 }, 1);
    expect([sampler.draw(true), sampler.draw(false), sampler.next()]).toEqual([undefined, undefined, undefined]);
    for (let id = 0; id < 3; id++) sampler.offer(id, 0, 2);
    // One category: no negative of another. The margin is too large: all queries fail, and leave.
    expect(sampler.draw(true)).toBeUndefined();
    expect(sampler.held).toBe(3);
    expect(sampler.draw(false)).toBeUndefined();
    expect(sampler.held).toBe(2);
  });

  it.each<[Partial<ImportanceOptions>, string]>([
    [{ outOfClass: 1.1 }, 'the share of out-of-class negatives is 1.1'],
    [{ margin: -1 }, 'the margin of relevance is -1'],
    [{ limit: 0 }, 'the limit of relevance is 0'],
    [{ capacity: 2 }, 'a buffer of 2 records: it has to be a whole number of at least 3'],
    [{ capacity: 1, outOfClass: 1 }, 'a buffer of 1 records: it has to be a whole number of at least 2'],
    [{ maxFailures: 0 }, 'a query leaves after 0 failures'],
  ])('refuses options out of bounds: %j', (changes, message) => {
    const wrong = { outOfClass: 0.2, margin: 0.1, capacity: 5, ...changes };
    expect(() => ImportanceSampler.fromSeed(() => 1, wrong, 0)).toThrow(message);
  });

  it('refuses a state of larger buffers, totals that are no weights, and states that lack records', () => {
    const options: ImportanceOptions = { outOfClass: 0.2, margin: 0.1, capacity: 5 };
    const sampler = ImportanceSampler.fromSeed(() => 1, options, 0);
    for (let id = 0; id < 5; id++) sampler.offer(id, 2, 1);
    const { state } = sampler;
    expect(() => ImportanceSampler.fromState(() => 1, { ...options, capacity: 4 }, state)).toThrow(
      'the saved buffer of category 2 has 5 records, for which there is no room (capacity 4, 5 records saved)',
    );
    expect(() => ImportanceSampler.fromState(() => 1, options, { ...state, ids: [1] })).toThrow('1 records saved');
    expect(() => sampler.offer(9, 2, Number.NaN)).toThrow('the total relevance of record 9 is NaN');
    const broken = ImportanceSampler.fromSeed(() => -1, options, 0);
    broken.offer(0, 0, 1);
    expect(() => broken.offer(1, 0)).toThrow('the total relevance of record 1 is -5');
  });
});

/**
 * Probability that one record of weight `weights[kind]` is among the `capacity` held, of `n` records of each weight: records
 * arrive at exponential times of rate their weight, and the first `capacity` are held.
 */
function inclusion(weights: readonly number[], n: number, kind: number, capacity: number): number {
  const steps = 4000;
  let sum = 0;
  // t = -log(1 - x) / rate maps the time of arrival to x uniform in (0, 1).
  for (let step = 0; step < steps; step++) {
    const time = -Math.log(1 - (step + 0.5) / steps) / weights[kind];
    let arrived = [1];
    for (const [other, weight] of weights.entries()) {
      const p = 1 - Math.exp(-weight * time);
      for (let k = 0; k < n - (other === kind ? 1 : 0); k++) {
        const next = new Array<number>(Math.min(arrived.length + 1, capacity)).fill(0);
        for (const [count, q] of arrived.entries()) {
          if (count < capacity) next[count] += q * (1 - p);
          if (count + 1 < capacity) next[count + 1] += q * p;
        }
        arrived = next;
      }
    }
    sum += arrived.reduce((total, q) => total + q, 0) / steps;
  }
  return sum;
}
