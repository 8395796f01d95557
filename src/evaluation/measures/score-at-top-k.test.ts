import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manhattan } from '../../ranking/distances/manhattan.ts';
import { queryScoresAtTopK, scoreAtTopK } from './score-at-top-k.ts';

const triplet = (query: number, positive: number, negative: number) => ({ query, positive, negative });
/** Points on a line. */
const line = (...places: number[]) => ({ data: Float32Array.from(places), dimension: 1 });

/** The definition once more, in plain loops over points of a plane: who is nearer than whom is counted, nothing is sorted. */
function byDefinition(
  points: readonly (readonly [number, number])[],
  triplets: readonly { query: number; positive: number; negative: number }[],
  k: number,
  categories?: readonly number[],
): { score: number; counted: number } {
  const away = (a: number, b: number) => (points[a][0] - points[b][0]) ** 2 + (points[a][1] - points[b][1]) ** 2;
  const amongNearest = (query: number, image: number): boolean => {
    if (categories !== undefined && categories[query] !== categories[image]) return false;
    let closer = 0;
    for (let other = 0; other < points.length; other++) {
      if (other === query) continue;
      if (categories !== undefined && categories[other] !== categories[query]) continue;
      if (away(query, other) < away(query, image)) closer++;
    }
    return closer < k;
  };
  let [score, counted] = [0, 0];
  for (const { query, positive, negative } of triplets) {
    if (!amongNearest(query, positive) && !amongNearest(query, negative)) continue;
    counted++;
    if (away(query, positive) < away(query, negative)) score++;
    if (away(query, positive) > away(query, negative)) score--;
  }
  return { score, counted };
}

describe('score-at-top-K', () => {
  it('counts correct minus incorrect triplets of those with an image among the K nearest', () => {
    // From 0 the others are at 1, 2, 3, 4 and 10.
    const points = line(0, 1, 2, 3, 4, 10);
    const triplets = [triplet(0, 1, 5), triplet(0, 5, 2), triplet(0, 3, 4), triplet(0, 2, 3), triplet(0, 5, 1)];
    // With K = 2 the neighbours are 1 and 2: the third triplet has neither.
    expect(scoreAtTopK(points, triplets, { k: 2, seed: 0 })).toMatchObject({ k: 2, value: 0, counted: 4 });
    expect(scoreAtTopK(points, triplets, { k: 4, seed: 0 })).toMatchObject({ value: 1, counted: 5 });
    expect(scoreAtTopK(points, triplets, { seed: 0 })).toMatchObject({ k: 30, value: 1, counted: 5 });
  });

  it('is the definition on random points, with and without categories', () => {
    const whole = fc.integer({ min: -4, max: 4 });
    const cases = fc.integer({ min: 4, max: 12 }).chain((count) => {
      const image = fc.integer({ min: 0, max: count - 1 });
      return fc.record({
        points: fc.array(fc.tuple(whole, whole), { minLength: count, maxLength: count }),
        triplets: fc.array(
          fc
            .uniqueArray(image, { minLength: 3, maxLength: 3 })
            .map(([query, positive, negative]) => triplet(query, positive, negative)),
          { minLength: 1, maxLength: 20 },
        ),
        k: fc.integer({ min: 1, max: 12 }),
        categories: fc.option(fc.array(fc.nat(2), { minLength: count, maxLength: count }), { nil: undefined }),
      });
    });
    fc.assert(
      fc.property(cases, ({ points, triplets, k, categories }) => {
        const { values, counted } = queryScoresAtTopK(
          { data: Float32Array.from(points.flat()), dimension: 2 },
          triplets,
          categories === undefined ? { k } : { k, categories },
        );
        const sum = (numbers: Float64Array) => numbers.reduce((total, number) => total + number, 0);
        const expected = byDefinition(points, triplets, k, categories);
        expect({ score: sum(values), counted: sum(counted) }).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('counts all rows at the distance of the K-th, and a tie scores nothing', () => {
    const points = line(0, 1, -1, 1, 5);
    // Three rows at distance 1 share the first place.
    expect(queryScoresAtTopK(points, [triplet(0, 1, 4)], { k: 1 })).toMatchObject({ values: Float64Array.of(1) });
    const { values, counted } = queryScoresAtTopK(points, [triplet(0, 1, 2), triplet(0, 3, 4)], { k: 1 });
    expect([...values, ...counted]).toEqual([1, 2]);
    const collapsed = line(2, 2, 2, 2);
    expect(scoreAtTopK(collapsed, [triplet(0, 1, 2), triplet(3, 1, 0)], { k: 1, seed: 0 })).toMatchObject({
      value: 0,
      counted: 2,
    });
  });

  it('ranks a query among the images of its category only', () => {
    const points = line(0, 0.1, 0.2, 3, 4);
    const categories = [0, 1, 1, 0, 0];
    // Row 3 is the query's nearest of its category; rows 1 and 2 are closer, and of another.
    const given = [triplet(0, 3, 1), triplet(0, 4, 2)];
    expect(queryScoresAtTopK(points, given, { k: 1, categories })).toEqual({
      k: 1,
      values: Float64Array.of(-1),
      counted: Float64Array.of(1),
    });
    expect(queryScoresAtTopK(points, given, { k: 1 }).counted).toEqual(Float64Array.of(1));
    expect(queryScoresAtTopK(points, [triplet(0, 3, 4)], { k: 2 }).counted).toEqual(Float64Array.of(0));
  });

  it('takes another distance', () => {
    // From the corner: (3, 0) is at 3 by both; (2, 2) is at 2.83 and 4.
    const points = { data: Float32Array.of(0, 0, 3, 0, 2, 2), dimension: 2 };
    expect(queryScoresAtTopK(points, [triplet(0, 1, 2)]).values).toEqual(Float64Array.of(-1));
    expect(queryScoresAtTopK(points, [triplet(0, 1, 2)], { distance: manhattan }).values).toEqual(Float64Array.of(1));
  });

  it('has an interval that is a sum over resampled queries', () => {
    // Two queries with scores 1 and -1: sums of two draws are -2, 0, 2 with probability 1/4, 1/2, 1/4.
    const points = line(0, 1, 2);
    const triplets = [triplet(0, 1, 2), triplet(2, 0, 1)];
    expect(scoreAtTopK(points, triplets, { seed: 1 })).toEqual({ k: 30, value: 0, low: -2, high: 2, counted: 2 });
    expect(scoreAtTopK(points, triplets, { seed: 1, level: 0.4 })).toMatchObject({ low: 0, high: 0 });
  });

  it('refuses a K of nothing, categories that do not fit, and no triplets', () => {
    const points = line(0, 1, 2);
    expect(() => queryScoresAtTopK(points, [], { k: 0 })).toThrow('K must be a whole number of at least 1, got 0');
    expect(() => queryScoresAtTopK(points, [], { categories: [1] })).toThrow('3 embeddings, but 1 categories');
    expect(() => scoreAtTopK(points, [], { seed: 0 })).toThrow('there are no queries');
  });
});
