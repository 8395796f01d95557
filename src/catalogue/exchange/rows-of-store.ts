import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { newFields } from '../metadata/metadata-fields.ts';
import type { ImageFilter, StoredImage, StoredVector, VectorStore } from '../stores/vector-store.ts';
import type { SpilledVectors } from './spilled-vectors.ts';
import { rowsAtATime, type VectorRows } from './vector-table.ts';

/** What is taken of a store, and with what help. */
export interface RowsOfStoreOptions {
  readonly filter: ImageFilter;
  /** Where the vectors are until it is their turn. */
  readonly spilled: SpilledVectors;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The images of a store that a filter lets through, with their vectors, in code-unit order of their names. What is known beside the
 * vectors is in memory, these are on disk.
 *
 * @returns them, and how many there are.
 * @throws StoreError if there are none.
 */
export async function rowsOfStore(
  store: VectorStore,
  { filter, spilled, signal }: RowsOfStoreOptions,
): Promise<VectorRows & { readonly count: number }> {
  const places = new Map((await store.images(filter)).map(({ id }, place) => [id, place]));
  if (places.size === 0) {
    throw new StoreError(`no image of the store '${store.uri}' is let through: there is nothing to export`);
  }
  // What is known of an image is taken together with its vector: it may have been another one when the names were listed.
  const images: (StoredImage | undefined)[] = Array.from(places.keys(), () => undefined);
  for await (const some of store.scan()) {
    throwIfAborted(signal);
    const placed = some.flatMap(({ vector, ...image }) => {
      const place = places.get(image.id);
      return place === undefined ? [] : [{ place, vector, image }];
    });
    for (const { place, image } of placed) images[place] = image;
    await spilled.put(placed);
  }
  const found = images.filter((image) => image !== undefined);
  return {
    stamp: store.stamp,
    fields: newFields(store.uri, [], found),
    added: found.some(({ addedFrom }) => addedFrom !== undefined),
    rows: inOrder(images, spilled, signal),
    count: found.length,
  };
}

async function* inOrder(
  images: readonly (StoredImage | undefined)[],
  spilled: SpilledVectors,
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredVector[]> {
  for (let first = 0; first < images.length; first += rowsAtATime) {
    throwIfAborted(signal);
    const some = images.slice(first, first + rowsAtATime);
    const vectors = await spilled.get(first, some.length);
    yield some.flatMap((image, n) => (image === undefined ? [] : [{ ...image, vector: vectors[n] }]));
  }
}
