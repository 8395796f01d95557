import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { hamming } from '../../ranking/distances/hamming.ts';
import { similarityPrecisions, splitSimilarityPrecisions, tripletOutcome } from './similarity-precision.ts';

// Rows at 0, 30, 60, 60, -30 and 90 degrees of the unit circle; 60 stands there twice.
const angles = [0, 30, 60, 60, -30, 90];
const embeddings = {
  data: Float32Array.from(angles.flatMap((a) => [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)])),
  dimension: 2,
};
const triplet = (query: number, positive: number, negative: number) => ({ query, positive, negative });

describe('similarity precision', () => {
  it.each([
    ['closer', triplet(0, 1, 2), 1],
    ['farther', triplet(0, 5, 1), 0],
    ['a tie of two copies', triplet(0, 2, 3), 0.5],
    ['a positive that is a copy', triplet(2, 3, 1), 1],
    ['a negative that is a copy', triplet(2, 1, 3), 0],
  ])('%s', (_, given, outcome) => expect(tripletOutcome(embeddings, given)).toBe(outcome));

  it('counts one half for an exact tie of different vectors', () => {
    const line = { data: Float32Array.of(0, 3, -3), dimension: 1 };
    expect(tripletOutcome(line, triplet(0, 1, 2))).toBe(0.5);
  });

  it('is taken apart by query, weighted by its triplets', () => {
    const { values, weights } = similarityPrecisions(embeddings, [
      triplet(2, 3, 1),
      triplet(0, 1, 2),
      triplet(0, 5, 1),
      triplet(2, 1, 5),
      triplet(0, 2, 3),
      triplet(0, 4, 5),
    ]);
    // Query 2: 1 and, at 30 degrees both but for rounding, whatever that gives; query 0: 1, 0, 1/2, 1.
    const rounded = tripletOutcome(embeddings, triplet(2, 1, 5));
    expect([...weights]).toEqual([2, 4]);
    expect([...values]).toEqual([(1 + rounded) / 2, 2.5 / 4]);
  });

  it.each([20, 600])('is the mean of what each triplet gives, whose pairs come again and again: %i rows', (rows) => {
    const random = RandomSource.fromSeed(1, 'rows');
    const table = { data: Float32Array.from({ length: rows * 3 }, () => random.normal()), dimension: 3 };
    const drawn = Array.from({ length: 3000 }, () =>
      triplet(random.integer(2), random.integer(rows), random.integer(rows)),
    );
    const { values, weights, queries } = similarityPrecisions(table, drawn);
    for (const [place, query] of queries.entries()) {
      const own = drawn.filter((one) => one.query === query);
      const right = own.reduce((sum, one) => sum + tripletOutcome(table, one), 0);
      expect([values[place], weights[place]]).toEqual([right / own.length, own.length]);
    }
    expect(queries).toHaveLength(2);
  });

  it('is one half for a collapsed embedding', () => {
    const collapsed = { data: new Float32Array(8).fill(0.5), dimension: 2 };
    const { values } = similarityPrecisions(collapsed, [triplet(0, 1, 2), triplet(3, 2, 1)]);
    expect([...values]).toEqual([0.5, 0.5]);
  });

  it('takes triplets with a negative of the category apart from the others', () => {
    const given = [triplet(0, 1, 2), triplet(0, 5, 1), triplet(1, 0, 5), triplet(2, 3, 1), triplet(2, 5, 0)];
    const categories = [0, 0, 1, 1, 0, 1];
    const { inClass, outOfClass } = splitSimilarityPrecisions(embeddings, given, categories);
    // In class: (0, 5, 1) is wrong. The negatives of the others are of another category than their query.
    expect(inClass).toEqual({ values: Float64Array.of(0), weights: Float64Array.of(1), queries: Int32Array.of(0) });
    const right = (one: (typeof given)[number]) => tripletOutcome(embeddings, one);
    expect([...outOfClass.weights]).toEqual([1, 1, 2]);
    expect([...outOfClass.values]).toEqual([right(given[0]), right(given[2]), (right(given[3]) + right(given[4])) / 2]);
    expect(splitSimilarityPrecisions(embeddings, given, [0, 1, 2, 3, 4, 5]).inClass.values).toHaveLength(0);
  });

  it('takes another distance', () => {
    const signs = { data: Float32Array.of(0.9, 0.1, 0.1, -0.1, -0.9, 0.9), dimension: 2 };
    // Euclidean: row 1 is closer to row 0; by signs rows 1 and 2 both differ from it in one bit.
    expect(tripletOutcome(signs, triplet(0, 1, 2))).toBe(1);
    expect(tripletOutcome(signs, triplet(0, 1, 2), hamming)).toBe(0.5);
    expect([...similarityPrecisions(signs, [triplet(0, 1, 2)], hamming).values]).toEqual([0.5]);
  });
});
