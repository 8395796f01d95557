import { describe, expect, it } from 'vitest';
import { unitRows } from '../../../test/support/unit-rows.ts';
import { distanceHistogram } from './distance-histogram.ts';

const dimension = 3;
const labels = [0, 1, 0, 2, 1, 1, 0, 2, 2, 0];
const data = Float32Array.from(unitRows(labels.length, dimension, 4));
const table = { data, dimension };
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('distanceHistogram', () => {
  it('counts every pair once, in the bin of its distance, by whether both are of one class', () => {
    const { edges, positive, negative, images } = distanceHistogram(table, labels, { bins: 7 });
    const pairs = labels.flatMap((_, a) =>
      labels.flatMap((_, b) => {
        if (b <= a) return [];
        const squares = [0, 1, 2].map((k) => (data[a * dimension + k] - data[b * dimension + k]) ** 2);
        return [{ distance: Math.sqrt(squares[0] + squares[1] + squares[2]), same: labels[a] === labels[b] }];
      }),
    );
    const most = Math.max(...pairs.map(({ distance }) => distance));
    expect(images).toBe(10);
    expect(edges).toHaveLength(8);
    expect(edges[0]).toBe(0);
    expect(edges[7]).toBeCloseTo(most, 12);
    for (let bin = 0; bin < 7; bin++) {
      const inside = pairs.filter(({ distance }) => distance >= edges[bin] && (bin === 6 || distance < edges[bin + 1]));
      expect([positive[bin], negative[bin]]).toEqual([
        inside.filter(({ same }) => same).length,
        inside.filter(({ same }) => !same).length,
      ]);
    }
    // 4 of class 0, 3 of 1, 3 of 2: 6 + 3 + 3 of 45.
    expect([sum(positive), sum(negative)]).toEqual([12, 33]);
  });

  it('takes a random choice where there are many images, the same for one seed', () => {
    const some = distanceHistogram(table, labels, { mostImages: 4, seed: 1 });
    expect(sum(some.positive) + sum(some.negative)).toBe(6);
    expect(distanceHistogram(table, labels, { mostImages: 4, seed: 1 })).toEqual(some);
    expect(some.images).toBe(4);
  });

  it('takes equal rows, and refuses other numbers of labels', () => {
    const equal = distanceHistogram({ data: new Float32Array(6), dimension: 3 }, [0, 0], { bins: 2 });
    expect(equal).toEqual({ edges: [0, 0.5, 1], positive: [1, 0], negative: [0, 0], images: 2 });
    expect(() => distanceHistogram(table, [1, 2])).toThrow('10 embeddings, but 2 labels; give one each');
  });
});
