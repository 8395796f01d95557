import type { EmbeddingTable } from './embedding-table.ts';
import { type NearestNeighboursOptions, nearestNeighbours } from './nearest-neighbours.ts';
import type { NeighbourBlock } from './neighbour-block.ts';

/**
 * The k nearest rows of a gallery for some of its own rows, each searched among all others: what `nearestNeighbours` without
 * `queries` gives for these rows, at the cost of these rows. `firstQuery` of a block counts in `rows`.
 *
 * @throws as `nearestNeighbours` does.
 */
export async function* neighboursOfRows(
  gallery: EmbeddingTable,
  rows: ArrayLike<number>,
  options: NearestNeighboursOptions,
): AsyncGenerator<NeighbourBlock, void, undefined> {
  const { dimension } = gallery;
  const data = new Float32Array(rows.length * dimension);
  for (let query = 0; query < rows.length; query++) {
    data.set(gallery.data.subarray(rows[query] * dimension, (rows[query] + 1) * dimension), query * dimension);
  }
  const k = Math.min(options.k, gallery.data.length / dimension - 1);
  if (k < 1) return;
  for await (const block of nearestNeighbours(gallery, { ...options, k: k + 1 }, { data, dimension })) {
    yield withoutItself(block, k, rows);
  }
}

/** The block without each query itself; of a query with so many copies that it is not among its neighbours the last one goes. */
function withoutItself(block: NeighbourBlock, k: number, rows: ArrayLike<number>): NeighbourBlock {
  const { firstQuery, queryCount } = block;
  const indexes = new Int32Array(queryCount * k);
  const distances = new Float32Array(queryCount * k);
  for (let row = 0; row < queryCount; row++) {
    const start = row * block.k;
    const found = block.indexes.subarray(start, start + block.k);
    const itself = found.indexOf(rows[firstQuery + row]);
    const struck = itself < 0 ? k : itself;
    for (let place = 0; place < k; place++) {
      const from = start + (place < struck ? place : place + 1);
      indexes[row * k + place] = block.indexes[from];
      distances[row * k + place] = block.distances[from];
    }
  }
  return { firstQuery, queryCount, k, indexes, distances };
}
