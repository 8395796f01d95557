import type { Engine } from '../../../engines/engine.ts';
import type { EmbeddingTable } from '../../../evaluation/neighbours/embedding-table.ts';
import { nearestNeighbours } from '../../../evaluation/neighbours/nearest-neighbours.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { sampleWithoutReplacement } from '../../../foundation/random/shuffle.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { NeighbourRow } from '../../pages/report/neighbour-rows.ts';
import { datasetPictures } from './dataset-pictures.ts';

/** The embeddings whose nearest neighbours a page shows, and their pictures. */
export interface NeighbourPicturesOptions {
  readonly dataset: ImageDataset;
  readonly embeddings: EmbeddingTable;
  /** For each row of the embeddings, the place of its image in the dataset. */
  readonly places: readonly number[];
  readonly engine: Engine;
  readonly seed: number;
  /** Rows that are queries, in this order, or how many to draw at random. Default 10. */
  readonly queries?: number | readonly number[];
  /** Neighbours of each. Default 8. */
  readonly neighbours?: number;
}

/** The longest side of a picture on a page, in pixels. */
const side = 128;

/** Some queries with their nearest neighbours among all the others, as pictures for a report. */
export async function neighbourPictures(options: NeighbourPicturesOptions): Promise<NeighbourRow[]> {
  const { dataset, embeddings, places, engine, seed, queries = 10, neighbours = 8 } = options;
  const chosen = typeof queries === 'number' ? randomRows(places.length, queries, seed) : queries;
  if (chosen.length === 0) return [];
  const pictureAt = datasetPictures(dataset, { width: side, height: side });
  const picture = (row: number) => pictureAt(places[row]);
  const { data, dimension } = embeddings;
  const asking = new Float32Array(chosen.length * dimension);
  for (const [index, row] of chosen.entries()) {
    asking.set(data.subarray(row * dimension, (row + 1) * dimension), index * dimension);
  }
  const found: NeighbourRow[] = [];
  // One more than shown, for a query is its own nearest neighbour.
  const blocks = nearestNeighbours(embeddings, { k: neighbours + 1, engine }, { data: asking, dimension });
  for await (const { firstQuery, queryCount, k, indexes, distances } of blocks) {
    for (let index = 0; index < queryCount; index++) {
      const query = chosen[firstQuery + index];
      const others = Array.from({ length: k }, (_, rank) => index * k + rank).filter((at) => indexes[at] !== query);
      const results = others.slice(0, neighbours).map(async (at) => ({
        picture: await picture(indexes[at]),
        distance: distances[at],
        relevant: dataset.images[places[indexes[at]]].label === dataset.images[places[query]].label,
      }));
      found.push({ query: await picture(query), results: await Promise.all(results) });
    }
  }
  return found;
}

function randomRows(count: number, queries: number, seed: number): number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  return sampleWithoutReplacement(rows, queries, RandomSource.fromSeed(seed, 'report queries'));
}
