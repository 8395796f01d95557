import type { EmbeddingTable } from './embedding-table.ts';
import type { NeighbourBlock } from './neighbour-block.ts';
import { smallestPlaces } from './smallest-places.ts';

/** Queries in a block: what is known of progress comes this often. */
const blockRows = 64;

/**
 * The k nearest rows of a gallery by Manhattan distance, for `nearestNeighbours`, in plain loops in this thread: sums of
 * absolute differences are no matrix product. Exact in float64; equal distances are ranked by row, lowest first. A billion
 * differences take about three seconds.
 *
 * @param k at most the rows of the gallery, without the query itself where `queries` is left out.
 */
export async function* manhattanNeighbours(
  gallery: EmbeddingTable,
  k: number,
  queries?: EmbeddingTable,
): AsyncGenerator<NeighbourBlock, void, undefined> {
  const { dimension } = gallery;
  const asking = queries ?? gallery;
  const queryRows = asking.data.length / dimension;
  const distances = new Float64Array(gallery.data.length / dimension);
  for (let firstQuery = 0; firstQuery < queryRows; firstQuery += blockRows) {
    const queryCount = Math.min(blockRows, queryRows - firstQuery);
    const block = {
      firstQuery,
      queryCount,
      k,
      indexes: new Int32Array(queryCount * k),
      distances: new Float32Array(queryCount * k),
    };
    for (let row = 0; row < queryCount; row++) {
      distancesTo(asking.data, (firstQuery + row) * dimension, gallery, distances);
      if (queries === undefined) distances[firstQuery + row] = Number.POSITIVE_INFINITY;
      const nearest = smallestPlaces(distances, k);
      block.indexes.set(nearest, row * k);
      for (let place = 0; place < k; place++) block.distances[row * k + place] = distances[nearest[place]];
    }
    yield block;
  }
}

function distancesTo(data: Float32Array, start: number, { data: rows, dimension }: EmbeddingTable, into: Float64Array) {
  for (let row = 0, at = 0; row < into.length; row++) {
    let sum = 0;
    for (let d = 0; d < dimension; d++, at++) sum += Math.abs(data[start + d] - rows[at]);
    into[row] = sum;
  }
}
