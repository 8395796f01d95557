import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { searchDistanceByName } from '../../ranking/distances/search-distance-by-name.ts';
import type { EmbeddingTable } from '../neighbours/embedding-table.ts';
import { nearestNeighbours } from '../neighbours/nearest-neighbours.ts';
import { placed, placementOf } from '../neighbours/placement.ts';
import { evaluateEmbeddings } from '../reports/evaluate-embeddings.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const dimension = 16;
const classes = 12;
const perClass = 5;
const rowCount = classes * perClass;

/** Classes that overlap, as embeddings of a trained network do; `change` is applied to each number in float64. */
function table(change: (value: number, row: number, d: number) => number): EmbeddingTable {
  const random = RandomSource.fromSeed(5, 'far from zero');
  const data = new Float32Array(rowCount * dimension);
  for (let c = 0; c < classes; c++) {
    const centre = Array.from({ length: dimension }, () => random.uniform() - 0.5);
    for (let k = 0; k < perClass; k++) {
      const row = c * perClass + k;
      for (let d = 0; d < dimension; d++) {
        data[row * dimension + d] = change(centre[d] + 0.7 * (random.uniform() - 0.5), row, d);
      }
    }
  }
  return { data, dimension };
}

const labels = Array.from({ length: rowCount }, (_, row) => Math.floor(row / perClass));
const rowOf = ({ data }: EmbeddingTable, row: number) => [...data.subarray(row * dimension, (row + 1) * dimension)];

/** Squared differences of the same float32 numbers, in float64. */
function squared(embeddings: EmbeddingTable, a: number, b: number): number {
  const other = rowOf(embeddings, b);
  return rowOf(embeddings, a).reduce((sum, value, d) => sum + (value - other[d]) * (value - other[d]), 0);
}

function bruteForce(embeddings: EmbeddingTable, k: number): number[][] {
  return labels.map((_, query) =>
    labels
      .map((_, row) => row)
      .filter((row) => row !== query)
      .map((row) => ({ row, away: squared(embeddings, query, row) }))
      .sort((a, b) => a.away - b.away || a.row - b.row)
      .slice(0, k)
      .map(({ row }) => row),
  );
}

const tables: readonly (readonly [string, EmbeddingTable])[] = [
  ['as they are', table((value) => value)],
  ...[10, 1000, -1000, 3e4, 1e5].map((by) => [`all moved by ${by}`, table((value) => value + by)] as const),
  ['moved by another number in each dimension', table((value, _, d) => value + 1000 * (d - 5) ** 3)],
  ['in one dimension alone', table((value, _, d) => value + (d === 3 ? 1e5 : 0))],
  ['one row a million away', table((value, row) => value + (row === 17 ? 1e6 : 0))],
  ['one class far away', table((value, row) => value + (row < perClass ? 1e4 : 0))],
  ['two halves far apart', table((value, row) => value + (row % 2 === 0 ? 1e4 : -1e4))],
  ['clusters of three rows far apart', table((value, row, d) => value + (d === row % 7 ? 3e4 : 0))],
  ...[1e-30, 1e-12, 1e6, 1e15, 1e30].map((by) => [`all multiplied by ${by}`, table((value) => value * by)] as const),
  ['large, and far away', table((value) => (value + 500) * 1e12)],
  ['nearly collapsed', table((value, _, d) => (d === 0 ? 1 : value * 1e-5))],
];

describe.each(tables)('embeddings %s', (_, embeddings) => {
  it.each([1, 4, 59])('have the neighbours that differences in float64 give, k = %i', async (k) => {
    const expected = bruteForce(embeddings, k);
    const wrong: string[] = [];
    for (const distance of ['euclidean', 'squared-euclidean'] as const) {
      for await (const block of nearestNeighbours(embeddings, { k, engine, distance, blockRows: 25 })) {
        for (let row = 0; row < block.queryCount; row++) {
          const query = block.firstQuery + row;
          const found = [...block.indexes.subarray(row * k, (row + 1) * k)];
          expect(new Set(found).size).toBe(k);
          for (const [place, other] of found.entries()) {
            const away = squared(embeddings, query, other);
            const wanted = squared(embeddings, query, expected[query][place]);
            // Rows as good as equally far may change places.
            const isNear = other === expected[query][place] || Math.abs(away - wanted) < 1e-4 * wanted;
            const exact = Math.fround(distance === 'euclidean' ? Math.sqrt(away) : away);
            const given = block.distances[row * k + place];
            const isExact = given === exact || Math.abs(given - exact) < 0.01 * exact;
            if (!isNear || !isExact)
              wrong.push(`${distance} ${query}: ${place}th is ${other} at ${given}, not ${wanted}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are judged as differences in float64 are', async () => {
    const nearest = bruteForce(embeddings, perClass - 1);
    const isRight = (query: number, row: number) => (labels[row] === labels[query] ? 1 : 0);
    let [first, map] = [0, 0];
    for (const [query, rows] of nearest.entries()) {
      first += isRight(query, rows[0]) / rowCount;
      let right = 0;
      for (const [place, row] of rows.entries()) {
        right += isRight(query, row);
        map += (isRight(query, row) * right) / (place + 1) / (perClass - 1) / rowCount;
      }
    }
    const { measures } = await evaluateEmbeddings({
      embeddings: embeddings.data,
      dimension,
      labels,
      engine,
      resamples: 10,
      triplets: 100,
    });
    expect(measures['recallAt1'].value).toBeCloseTo(first, 10);
    expect(measures['mapAtR'].value).toBeCloseTo(map, 10);
  });
});

describe('directions that are nearly the same', () => {
  it.each([1, 1000, 1e30])('have the neighbours by cosine that float64 gives, at scale %f', async (scale) => {
    const embeddings = table((value, _, d) => scale * (value + (d === 2 ? 30_000 : 0)));
    const { between } = searchDistanceByName('cosine');
    for await (const { firstQuery, queryCount, indexes, distances } of nearestNeighbours(embeddings, {
      k: 9,
      engine,
      distance: 'cosine',
    })) {
      for (let row = 0; row < queryCount; row++) {
        const query = rowOf(embeddings, firstQuery + row);
        const all = labels.map((_, other) => between(query, rowOf(embeddings, other)));
        all.splice(firstQuery + row, 1);
        all.sort((a, b) => a - b);
        for (let place = 0; place < 9; place++) {
          const other = indexes[row * 9 + place];
          expect(between(query, rowOf(embeddings, other))).toBe(all[place]);
          expect(distances[row * 9 + place]).toBe(Math.fround(all[place]));
        }
      }
    }
  });
});

describe('the placement of a gallery', () => {
  it('leaves rows that spread about zero where they are, bit for bit', () => {
    const random = RandomSource.fromSeed(8);
    const unit = Float32Array.from({ length: 640 }, () => random.normal() / Math.sqrt(16));
    const placement = placementOf({ data: unit, dimension });
    expect(placement).toEqual({ origin: undefined, scale: 1 });
    expect(placed(unit, dimension, placement)).toBe(unit);
  });

  it('has nothing to scale where all rows are one', () => {
    const same = new Float32Array(64).fill(3);
    expect(placementOf({ data: same, dimension }).scale).toBe(1);
    expect([...placed(same, dimension, placementOf({ data: same, dimension }))]).toEqual([...new Float32Array(64)]);
  });
});
