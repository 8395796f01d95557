import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { ImagesByClass } from '../images-by-class.ts';
import { classUniformTriplets } from './class-uniform.ts';

describe('classUniformTriplets', () => {
  it('follows its law: class uniform, then query, positive and negative uniform', () => {
    const labels = [0, 0, 1, 1, 1, 2];
    const images = new ImagesByClass(labels);
    const draws = 60_000;
    const counts = new Map<string, number>();
    for (const { query, positive, negative } of classUniformTriplets(images, draws, RandomSource.fromSeed(3))) {
      const key = [query, positive, negative].join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    let total = 0;
    for (const q of labels.keys()) {
      for (const p of labels.keys()) {
        for (const n of labels.keys()) {
          const size = labels.filter((label) => label === labels[q]).length;
          const possible = p !== q && labels[p] === labels[q] && labels[n] !== labels[q];
          // Two classes have a pair; class 2 never gives a query.
          const law = possible ? 1 / 2 / size / (size - 1) / (labels.length - size) : 0;
          const count = counts.get([q, p, n].join()) ?? 0;
          total += count;
          expect(Math.abs(count - draws * law)).toBeLessThanOrEqual(5 * Math.sqrt(draws * law));
        }
      }
    }
    expect(total).toBe(draws);
  });

  it('gives as many as asked for, the same for the same seed', () => {
    const images = new ImagesByClass([0, 0, 1, 1]);
    const draw = (seed: number) => [...classUniformTriplets(images, 50, RandomSource.fromSeed(seed))];
    expect(draw(1).length).toBe(50);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('refuses images that give no triplet', () => {
    const stream = classUniformTriplets(new ImagesByClass([0, 1]), 1, RandomSource.fromSeed(0));
    expect(() => stream.next()).toThrow(
      'class-uniform sampler: 2 images in 2 classes: no class has two different images',
    );
  });
});
