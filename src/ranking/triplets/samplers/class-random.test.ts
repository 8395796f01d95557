import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { ImagesByClass } from '../images-by-class.ts';
import type { Triplet } from '../triplet.ts';
import { type ClassRandomOptions, classRandomTriplets, countClassRandom } from './class-random.ts';

const draw = (images: ImagesByClass, options: ClassRandomOptions, seed = 0) =>
  [...blocks(images, options, seed)].flatMap((block) =>
    Array.from({ length: block.length / 3 }, (_, t): Triplet => {
      const [query, positive, negative] = block.subarray(3 * t);
      return { query, positive, negative };
    }),
  );
function* blocks(images: ImagesByClass, options: ClassRandomOptions, seed: number) {
  for (const block of classRandomTriplets(images, options, RandomSource.fromSeed(seed))) yield block.slice();
}
const pairOf = ({ query, positive }: Triplet) => `${query} ${positive}`;

const data = fc.record({
  labels: fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 25 })
    .map((labels) => [0, 0, 1, ...labels]),
  positives: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  negatives: fc.integer({ min: 1, max: 6 }),
  seed: fc.integer(),
});

describe('classRandomTriplets', () => {
  it('takes every pair of a class with negatives that all differ, as many as were asked for', () => {
    fc.assert(
      fc.property(data, ({ labels, positives, negatives, seed }) => {
        const options = positives === undefined ? { negatives } : { positives, negatives };
        const triplets = draw(new ImagesByClass(labels), options, seed);
        for (const { query, positive, negative } of triplets) {
          expect(labels[positive]).toBe(labels[query]);
          expect(positive).not.toBe(query);
          expect(labels[negative]).not.toBe(labels[query]);
        }
        expect(new Set(triplets.map((t) => `${pairOf(t)} ${t.negative}`)).size).toBe(triplets.length);
        for (const [query, label] of labels.entries()) {
          const size = labels.filter((other) => other === label).length;
          const own = triplets.filter((triplet) => triplet.query === query);
          const pairs = Math.min(positives ?? size, size - 1);
          expect(new Set(own.map(pairOf)).size).toBe(pairs);
          expect(own.length).toBe(pairs * Math.min(negatives, labels.length - size));
        }
        expect(countClassRandom(new ImagesByClass(labels), options).triplets).toBe(triplets.length);
      }),
    );
  });

  it('lists the whole of a tiny set', () => {
    const triplets = draw(new ImagesByClass([0, 0, 1]), { negatives: 5 });
    expect(triplets).toEqual([
      { query: 0, positive: 1, negative: 2 },
      { query: 1, positive: 0, negative: 2 },
    ]);
  });

  it('draws positives and negatives evenly', () => {
    const images = new ImagesByClass([0, 0, 0, 0, 1, 1, 2]);
    const positives = new Map<number, number>();
    const negatives = new Map<number, number>();
    for (let seed = 0; seed < 3000; seed++) {
      const [first] = draw(images, { positives: 1 }, seed);
      positives.set(first.positive, (positives.get(first.positive) ?? 0) + 1);
      negatives.set(first.negative, (negatives.get(first.negative) ?? 0) + 1);
    }
    expect([...positives.keys()].sort()).toEqual([1, 2, 3]);
    expect([...negatives.keys()].sort()).toEqual([4, 5, 6]);
    // 1000 expected of each: five standard deviations are 129.
    for (const count of [...positives.values(), ...negatives.values()])
      expect(Math.abs(count - 1000)).toBeLessThan(129);
  });

  it('never makes identical images query and positive, and uses single images as negatives only', () => {
    // Images 0 and 1 are copies; class 1 holds copies alone; class 2 holds one image.
    const images = new ImagesByClass([0, 0, 0, 1, 1, 2], (image) => [9, 9, 8, 7, 7, 6][image]);
    const triplets = draw(images, { negatives: 3 });
    expect(new Set(triplets.map(pairOf))).toEqual(new Set(['0 2', '1 2', '2 0', '2 1']));
    expect(new Set(triplets.map(({ negative }) => negative))).toEqual(new Set([3, 4, 5]));
    expect(countClassRandom(images, { negatives: 3 })).toEqual({ queries: 3, triplets: 12, classesOfOneImage: 2 });
  });

  it('gives whole pairs when a block is full, and all triplets of more than one block', () => {
    const images = new ImagesByClass(Array.from({ length: 60 }, (_, image) => image % 3));
    const options = { positives: 11, negatives: 31 };
    expect([...blocks(images, options, 1)].length).toBeGreaterThan(3);
    const triplets = draw(images, options);
    expect(triplets.length).toBe(60 * 11 * 31);
    expect(new Set(triplets.map((t) => `${pairOf(t)} ${t.negative}`)).size).toBe(triplets.length);
    expect(triplets.every(({ query }, t) => query === Math.floor(t / (11 * 31)))).toBe(true);
  });

  it('takes all negatives, however many there are', () => {
    const images = new ImagesByClass([0, 0, ...new Array<number>(5000).fill(1)]);
    const [first] = blocks(images, { positives: 1, negatives: 9000 }, 1);
    expect(first.length).toBe(3 * 5000);
    expect(new Set(first.filter((_, k) => k % 3 === 2))).toEqual(
      new Set(Array.from({ length: 5000 }, (_, k) => k + 2)),
    );
  });

  it('gives the same triplets for the same seed and others for another', () => {
    const images = new ImagesByClass(Array.from({ length: 40 }, (_, image) => image % 5));
    expect(draw(images, {}, 3)).toEqual(draw(images, {}, 3));
    expect(draw(images, {}, 3)).not.toEqual(draw(images, {}, 4));
  });

  it('streams: the first triplets of a set of billions come at once', () => {
    const images = new ImagesByClass(Array.from({ length: 100_000 }, (_, image) => image % 2));
    const stream = classRandomTriplets(images, { negatives: 1 }, RandomSource.fromSeed(0));
    expect(countClassRandom(images, {}).triplets).toBe(100_000 * 49_999);
    expect(stream.next().value?.[0]).toBe(0);
    stream.return();
  });

  it.each([
    [{ negatives: 0 }, 'negatives must be a whole number of at least 1, got 0'],
    [{ positives: 1.5 }, 'positives must be a whole number of at least 1, got 1.5'],
    [{ positives: Number.NaN }, 'got NaN'],
  ])('refuses %o', (options, message) => {
    expect(() => draw(new ImagesByClass([0, 0, 1]), options)).toThrow(message);
  });

  it('says why a set of one class gives no triplets', () => {
    expect(() => draw(new ImagesByClass([0, 0]), {})).toThrow('class-random sampler: 2 images in 1 classes');
  });
});
