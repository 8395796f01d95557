import type { Engine } from '../../../engines/engine.ts';
import { distanceHistogram } from '../../../evaluation/neighbours/distance-histogram.ts';
import type { EmbeddingTable } from '../../../evaluation/neighbours/embedding-table.ts';
import { nearestNeighbours } from '../../../evaluation/neighbours/nearest-neighbours.ts';
import type { NeighbourBlock } from '../../../evaluation/neighbours/neighbour-block.ts';
import { principalPlane } from '../../../evaluation/neighbours/principal-plane.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { sampleWithoutReplacement } from '../../../foundation/random/shuffle.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { ImagesByClass } from '../../../ranking/triplets/images-by-class.ts';
import { type EmbeddingMap, type MapPlace, mapSize } from '../../charts/embedding-map.ts';
import type { TrainingReport } from '../../pages/report/training-report.ts';
import { datasetPictures } from './dataset-pictures.ts';
import { extremeQueries } from './extreme-queries.ts';
import { neighbourPictures } from './neighbour-pictures.ts';

/** The embeddings that a page's gallery shows, and their pictures. */
export interface EmbeddingGalleryOptions {
  readonly dataset: ImageDataset;
  readonly embeddings: EmbeddingTable;
  /** For each row of the embeddings, the place of its image in the dataset. */
  readonly places: readonly number[];
  readonly engine: Engine;
  readonly seed: number;
}

/** Queries on each side. */
const extremes = 4;
/** Pictures on the map; more become dots. */
const mostThumbnails = 280;
/** Images on the map, a random choice of more. */
const mostOnMap = 2000;

/**
 * What a page shows of embeddings: the queries that find most and least, distances of pairs, a map. Of images without classes
 * only the map.
 */
export async function embeddingGallery(
  options: EmbeddingGalleryOptions,
): Promise<Pick<TrainingReport, 'extremes' | 'distances' | 'map'>> {
  const { dataset, embeddings, places, engine, seed } = options;
  const map = await embeddingMapOf(options);
  const labels = places.map((place) => dataset.images[place].label ?? -1);
  if (labels.includes(-1) || new Set(labels).size < 2) return { map };
  const images = new ImagesByClass(labels);
  const mostRelevant = labels.reduce((most, _, row) => Math.max(most, images.positiveCount(row)), 1);
  const blocks: NeighbourBlock[] = [];
  for await (const block of nearestNeighbours(embeddings, { k: mostRelevant + 1, engine })) blocks.push(block);
  const { best, worst } = extremeQueries(blocks, labels, extremes);
  const shown = await neighbourPictures({ ...options, queries: [...best, ...worst] });
  return {
    extremes: { best: shown.slice(0, best.length), worst: shown.slice(best.length) },
    distances: distanceHistogram(embeddings, labels, { seed }),
    map,
  };
}

/** Thumbnails where there is room, one on each spot; dots elsewhere. */
async function embeddingMapOf(options: EmbeddingGalleryOptions): Promise<EmbeddingMap> {
  const { dataset, embeddings, seed } = options;
  const { dimension } = embeddings;
  const all = options.places.map((_, row) => row);
  const rows = sampleWithoutReplacement(all, Math.min(mostOnMap, all.length), RandomSource.fromSeed(seed, 'map'));
  const data = new Float32Array(rows.length * dimension);
  for (const [index, row] of rows.entries()) {
    data.set(embeddings.data.subarray(row * dimension, (row + 1) * dimension), index * dimension);
  }
  const places = rows.map((row) => options.places[row]);
  const { coordinates, shares } = principalPlane({ data, dimension });
  const axis = (which: 0 | 1) => unitRange(places.map((_, row) => coordinates[2 * row + which]));
  const [xs, ys] = [axis(0), axis(1)];
  const { picture: side } = mapSize;
  const pictureAt = datasetPictures(dataset, { width: side, height: side });
  const drawn: { readonly x: number; readonly y: number }[] = [];
  const apart = 0.85 * side;
  const across = mapSize.width - side;
  const down = mapSize.height - side;
  const map = places.map(async (place, row): Promise<MapPlace> => {
    const [x, y] = [xs[row], ys[row]];
    const free = drawn.every(
      (other) => Math.max(across * Math.abs(other.x - x), down * Math.abs(other.y - y)) >= apart,
    );
    if (!free || drawn.length >= mostThumbnails) return { x, y, picture: undefined };
    drawn.push({ x, y });
    return { x, y, picture: await pictureAt(place) };
  });
  return { places: await Promise.all(map), shares };
}

/** The values stretched to 0..1; all 0.5 where they are equal. */
function unitRange(values: readonly number[]): number[] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
}
