import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { clusters, outliersOf } from './clusters.ts';

/** Rows around some centres, and which centre each is of. */
function around(centres: readonly (readonly number[])[], each: number, noise: number) {
  const random = RandomSource.fromSeed(4);
  const of = centres.flatMap((_, centre) => Array.from({ length: each }, () => centre));
  const data = Float32Array.from(of.flatMap((centre) => centres[centre].map((x) => x + noise * random.normal())));
  return { table: { data, dimension: centres[0].length }, of };
}

const centres = [
  [5, 0, 0],
  [0, 5, 0],
  [0, 0, 5],
  [-5, 0, 0],
];

describe('clusters', () => {
  it('are those that the rows were made around, with the row nearest to the mean', () => {
    const { table, of } = around(centres, 20, 0.3);
    const found = clusters(table, { count: 4 });
    expect(found.map(({ rows }) => new Set(rows.map((row) => of[row])).size)).toEqual([1, 1, 1, 1]);
    expect(found.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual(of.map((_, row) => row));
    for (const { rows, distances, representative } of found) {
      const mean = [0, 1, 2].map((d) => rows.reduce((sum, row) => sum + table.data[3 * row + d], 0) / rows.length);
      const away = rows.map((row) => Math.hypot(...mean.map((x, d) => table.data[3 * row + d] - x)));
      expect(representative).toBe(rows[0]);
      expect([...away].sort((a, b) => a - b)).toEqual(away);
      for (const [place, distance] of distances.entries()) expect(distance).toBeCloseTo(away[place], 6);
    }
    expect(clusters(table, { count: 4 })).toEqual(found);
  });

  it('are as many as the root of half the rows, one of one row, and no more than rows', () => {
    const { table } = around(centres, 18, 1);
    expect(clusters(table).length).toBeLessThanOrEqual(6);
    expect(clusters({ data: Float32Array.of(1, 2), dimension: 2 })).toEqual([
      { representative: 0, rows: [0], distances: [0] },
    ]);
    const same = { data: new Float32Array(10), dimension: 2 };
    expect(clusters(same, { count: 3 })).toHaveLength(1);
    expect(() => clusters(table, { count: 100 })).toThrow('72 images cannot be 100 clusters: ask for fewer');
    expect(() => clusters({ data: new Float32Array(0), dimension: 2 })).toThrow('0 images cannot be 1 clusters');
  });

  it('leave out what is far from everything', () => {
    const { table } = around(centres, 20, 0.1);
    const data = Float32Array.from([...table.data, 1, 1, 1, 5, 0, 2]);
    expect(outliersOf(clusters({ data, dimension: 3 }, { count: 4 }))).toEqual([80, 81]);
    expect(outliersOf(clusters(table, { count: 4 }))).toEqual([]);
  });
});
