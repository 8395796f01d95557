import { calibratedShare } from '../../evaluation/calibration/calibrated-share.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { ImageFilter, Neighbour, VectorStore } from '../stores/vector-store.ts';
import { pathOf, readSource } from './catalogue-source.ts';
import { queryVector, type SearchQuery } from './query-vector.ts';

/** An image that a search found. */
export interface FoundImage extends Omit<Neighbour, 'addedFrom'> {
  /** Where it is on disk, if it is a file. It may have been removed since it was indexed. */
  readonly path?: string;
}

/** A query, and where its neighbours are looked for. */
export interface SearchOptions {
  readonly embedder: Embedder;
  readonly store: VectorStore;
  /** What is looked for; of several queries the mean of their vectors, scaled to length 1. */
  readonly query: SearchQuery | readonly SearchQuery[];
  /** Images that the found ones are to be like, too; see `queryVector`. Default: none. */
  readonly like?: readonly SearchQuery[] | undefined;
  /** Images that the found ones are not to be like. Default: none. */
  readonly unlike?: readonly SearchQuery[] | undefined;
  /** How many images to find. */
  readonly k: number;
  /** How many of the nearest ones to leave out, so that the next page is found. Default: 0. */
  readonly offset?: number | undefined;
  readonly filter?: ImageFilter | undefined;
  /** Only images up to this distance. Default: any. */
  readonly maxDistance?: number | undefined;
  /**
   * Only images at distances at which at least this share of pairs is alike, by the model's calibration
   * (`AlikeShare.natural`, what `search` prints). Default: any.
   */
  readonly minAlike?: number | undefined;
  /** Compare with every image, whatever index the store has. Default: false. */
  readonly exact?: boolean | undefined;
  /**
   * Of the nearest images the share that is to be found, as it was measured of the store's index; where it finds fewer, searching is
   * exact. Default: what the index was made for.
   */
  readonly recall?: number | undefined;
}

/**
 * The `k` images of a store that are most like the query, nearest first. The query's own file is found like any other if
 * it is in the store.
 *
 * @throws if the query cannot be decoded or is not there, or if the store is empty; UsageError if a share is asked for and the model
 * has no calibration of the store's distance.
 */
export async function searchImages(options: SearchOptions): Promise<FoundImage[]> {
  const { embedder, store, query, k, offset = 0, filter, exact, recall } = options;
  checkShare(options);
  const { like = [], unlike = [] } = options;
  const vector = await queryVector(embedder, store, { queries: asList(query), like, unlike });
  const neighbours = (await store.search(vector, offset + k, filter, { exact, recall })).slice(offset);
  if (neighbours.length === 0 && (await store.count()) === 0) {
    throw new StoreError(`there are no images in the store '${store.uri}': index a folder of images into it first`);
  }
  const source = await readSource(store);
  return neighbours
    .filter(({ distance }) => isNear(options, distance))
    .map((neighbour) => {
      const { addedFrom: _, ...found } = neighbour;
      const path = pathOf(source, neighbour);
      return path === undefined ? found : { ...found, path };
    });
}

function asList(query: SearchOptions['query']): readonly SearchQuery[] {
  return isList(query) ? query : [query];
}

function isList(query: SearchOptions['query']): query is readonly SearchQuery[] {
  return Array.isArray(query);
}

function isNear({ embedder, store, maxDistance, minAlike }: SearchOptions, distance: number): boolean {
  if (maxDistance !== undefined && distance > maxDistance) return false;
  if (minAlike === undefined) return true;
  const share = calibratedShare(embedder.model.metadata.calibration, store.stamp.distance, distance);
  return share !== undefined && share.natural >= minAlike;
}

function checkShare({ embedder, store, minAlike }: SearchOptions): void {
  const { calibration } = embedder.model.metadata;
  if (minAlike === undefined || calibration?.distance === store.stamp.distance) return;
  const has = calibration === undefined ? 'is not calibrated' : `is calibrated for ${calibration.distance} distances`;
  throw new UsageError(
    `a share of alike pairs needs a calibrated model: this one ${has}, and the store compares by ` +
      `${store.stamp.distance}: calibrate it, or give the largest distance instead`,
    { path: 'options.minAlike', expected: 'a model with a calibration', value: minAlike },
  );
}
