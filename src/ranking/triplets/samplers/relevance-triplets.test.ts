import { describe, expect, it } from 'vitest';
import type { Relevance } from '../../relevance/relevance.ts';
import type { ImportanceOptions } from './importance-options.ts';
import { RelevanceTriplets } from './relevance-triplets.ts';

/** `count` images in three categories; two of one category are the more alike the closer their numbers are. */
function lineRelevance(count: number): Relevance {
  const categories = Int32Array.from({ length: count }, (_, image) => image % 3);
  const between = (a: number, b: number) => 1 / (1 + Math.abs(a - b));
  const totals = Float64Array.from({ length: count }, (_, image) => {
    let sum = 0;
    for (let other = 0; other < count; other++) {
      if (other !== image && categories[other] === categories[image]) sum += between(image, other);
    }
    return sum;
  });
  return { categories, between, totals, estimatedTotals: 0 };
}

const relevance = lineRelevance(60);
const options: ImportanceOptions = { outOfClass: 0.3, margin: 0.05, capacity: 5 };
const take = (source: RelevanceTriplets, count: number) => Array.from({ length: count }, () => source.next());

describe('RelevanceTriplets', () => {
  it('gives triplets in which the positive is more relevant by the margin, or the negative of another category', () => {
    const source = RelevanceTriplets.fromSeed(relevance, options, 1);
    expect(source.epochLength).toBe(60);
    for (const { query, positive, negative } of take(source, 500)) {
      expect(new Set([query, positive, negative]).size).toBe(3);
      expect(positive % 3).toBe(query % 3);
      if (negative % 3 !== query % 3) continue;
      expect(relevance.between(query, positive) - relevance.between(query, negative)).toBeGreaterThanOrEqual(0.05);
    }
  });

  it('has full buffers at all times, which hold other images as epochs go on', () => {
    const source = RelevanceTriplets.fromSeed(relevance, options, 2);
    const ever = new Set<number>();
    for (let drawn = 0; drawn < 600; drawn++) {
      source.next();
      const { ids, sizes } = source.state;
      for (const id of ids) ever.add(id);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
      expect(ids.length).toBeGreaterThanOrEqual(13);
    }
    expect(ever.size).toBe(60);
  });

  it('is decided by the seed, and continues exactly from its state, written as JSON', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => take(RelevanceTriplets.fromSeed(relevance, options, seed), 30));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    for (let taken = 0; taken < 140; taken += 9) {
      const source = RelevanceTriplets.fromSeed(relevance, options, 7);
      take(source, taken);
      const resumed = RelevanceTriplets.fromState(relevance, options, JSON.parse(JSON.stringify(source.state)));
      expect(take(resumed, 130)).toEqual(take(source, 130));
      expect(resumed.state).toEqual(source.state);
    }
  });

  it('refuses images that make no triplet of a kind that is asked for', () => {
    const flat: Relevance = { ...relevance, between: () => 1 };
    expect(() => RelevanceTriplets.fromSeed(flat, options, 1)).toThrow(
      "60 images in 3 categories, of which 60 are relevant to others: no triplet with a negative of the query's own category",
    );
    expect(take(RelevanceTriplets.fromSeed(flat, { ...options, outOfClass: 1 }, 1), 20)).toHaveLength(20);
    const single: Relevance = { ...relevance, categories: new Int32Array(60) };
    expect(() => RelevanceTriplets.fromSeed(single, options, 1)).toThrow('needs two categories');
    const none: Relevance = { ...relevance, totals: new Float64Array(60) };
    expect(() => RelevanceTriplets.fromSeed(none, options, 1)).toThrow('of which 0 are relevant to others');
  });

  it('says so where an epoch gives no triplet any more, and refuses a state of other data', () => {
    let asked = 0;
    const fading: Relevance = { ...relevance, between: (a, b) => (asked++ < 5000 ? relevance.between(a, b) : 0) };
    const source = RelevanceTriplets.fromSeed(fading, options, 1);
    expect(() => take(source, 5000)).toThrow('no triplet in a whole epoch of images');
    const { state } = RelevanceTriplets.fromSeed(relevance, options, 1);
    expect(() => RelevanceTriplets.fromState(lineRelevance(20), options, state)).toThrow('but there are 20 images');
  });
});
