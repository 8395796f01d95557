import { StoreError } from '../../foundation/errors/store-error.ts';
import type { ImageArgument } from '../../pictures/decoding/image-argument.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { ImageFilter, Neighbour, VectorStore } from '../stores/vector-store.ts';
import { pathOf, readSource } from './catalogue-source.ts';

/** An image that a search found. */
export interface FoundImage extends Neighbour {
  /** Where it is on disk, if it is a file. It may have been removed since it was indexed. */
  readonly path?: string;
}

/** A query picture, and where its neighbours are looked for. */
export interface SearchOptions {
  readonly embedder: Embedder;
  readonly store: VectorStore;
  readonly query: ImageArgument;
  /** How many images to find. */
  readonly k: number;
  readonly filter?: ImageFilter;
}

/**
 * The `k` images of a store that are most like the query, nearest first. The query's own file is found like any other if
 * it is in the store.
 *
 * @throws if the query cannot be decoded, or if the store is empty.
 */
export async function searchImages({ embedder, store, query, k, filter }: SearchOptions): Promise<FoundImage[]> {
  const neighbours = await store.search(await embedder.embedImage(query), k, filter);
  if (neighbours.length === 0 && (await store.count()) === 0) {
    throw new StoreError(`there are no images in the store '${store.uri}': index a folder of images into it first`);
  }
  const source = await readSource(store);
  return neighbours.map((neighbour) => {
    const path = pathOf(source, neighbour.id);
    return path === undefined ? neighbour : { ...neighbour, path };
  });
}
