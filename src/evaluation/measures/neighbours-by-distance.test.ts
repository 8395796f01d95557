import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import type { EmbeddingTable } from '../neighbours/embedding-table.ts';
import { nearestNeighbours } from '../neighbours/nearest-neighbours.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

function randomTable(rows: number, dimension: number, seed: number): EmbeddingTable {
  const random = RandomSource.fromSeed(seed);
  return { data: Float32Array.from({ length: rows * dimension }, () => random.uniform() - 0.5), dimension };
}

/** The definitions as scalar loops, over sums that no code of ours takes part in. */
function scalar(name: SearchDistanceName, a: readonly number[], b: readonly number[]): number {
  let [squares, absolutes, product, aa, bb, bits] = [0, 0, 0, 0, 0, 0];
  for (let d = 0; d < a.length; d++) {
    squares += (a[d] - b[d]) * (a[d] - b[d]);
    absolutes += a[d] > b[d] ? a[d] - b[d] : b[d] - a[d];
    product += a[d] * b[d];
    aa += a[d] * a[d];
    bb += b[d] * b[d];
    bits += (a[d] > 0 ? 1 : 0) === (b[d] > 0 ? 1 : 0) ? 0 : 1;
  }
  const values = {
    euclidean: squares ** 0.5,
    'squared-euclidean': squares,
    cosine: aa * bb === 0 ? 1 : 1 - product / (aa * bb) ** 0.5,
    manhattan: absolutes,
    hamming: bits,
  };
  return values[name];
}

const rowOf = ({ data, dimension }: EmbeddingTable, row: number) => [
  ...data.subarray(row * dimension, (row + 1) * dimension),
];

describe.each(searchDistanceNames)('nearest neighbours by %s', (distance) => {
  it.each([
    ['among themselves', undefined],
    ['of other queries', randomTable(70, 13, 2)],
  ])('%s have the smallest distances there are', async (_, queries) => {
    const gallery = randomTable(150, 13, 1);
    gallery.data.fill(0, 13, 26);
    gallery.data.copyWithin(39, 26, 39);
    const rows = Array.from({ length: 150 }, (_, row) => row);
    let asked = 0;
    for await (const block of nearestNeighbours(gallery, { k: 9, engine, distance }, queries)) {
      for (let row = 0; row < block.queryCount; row++, asked++) {
        const query = rowOf(queries ?? gallery, block.firstQuery + row);
        const others = rows.filter((other) => queries !== undefined || other !== asked);
        const all = others.map((other) => scalar(distance, query, rowOf(gallery, other))).sort((a, b) => a - b);
        const found = block.indexes.subarray(row * 9, row * 9 + 9);
        expect(new Set(found).size).toBe(9);
        for (const [place, other] of found.entries()) {
          const given = block.distances[row * 9 + place];
          // The root of what cancels is off by 3e-4 where rows are the same.
          const tolerance = distance === 'euclidean' ? 1e-3 : distance === 'hamming' ? 0 : 2e-6;
          expect(Math.abs(given - scalar(distance, query, rowOf(gallery, other)))).toBeLessThanOrEqual(tolerance);
          expect(Math.abs(given - all[place])).toBeLessThanOrEqual(tolerance);
        }
      }
    }
    expect(asked).toBe(queries === undefined ? 150 : 70);
  });
});

describe('rows at the same Hamming distance', () => {
  it('are not ranked in the order of the rows', async () => {
    // 400 rows with the same signs: any of them may come first, the first as little as the last.
    const gallery = { data: new Float32Array(800).fill(0.1), dimension: 2 };
    for await (const { indexes } of nearestNeighbours(gallery, { k: 40, engine, distance: 'hamming' })) {
      const mean = indexes.subarray(0, 40).reduce((sum, row) => sum + row, 0) / 40;
      expect(mean).toBeGreaterThan(130);
      expect(mean).toBeLessThan(270);
    }
  });
});
