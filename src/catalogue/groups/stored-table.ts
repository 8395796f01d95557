import type { EmbeddingTable } from '../../evaluation/neighbours/embedding-table.ts';
import type { ImageFilter, StoredImage, VectorStore } from '../stores/vector-store.ts';

/** Images of a store with their vectors in one table. */
export interface StoredTable extends EmbeddingTable {
  /** The image of each row, in code-unit order of the ids. */
  readonly images: readonly StoredImage[];
}

/** The images of a store that a filter lets through, with their vectors: all of them in memory. */
export async function storedTable(store: VectorStore, filter: ImageFilter = {}): Promise<StoredTable> {
  const listed = await store.images(filter);
  const { dimension } = store.stamp;
  const places = new Map(listed.map(({ id }, place) => [id, place]));
  const data = new Float32Array(listed.length * dimension);
  const found = new Set<number>();
  for await (const rows of store.scan()) {
    for (const { id, vector } of rows) {
      const place = places.get(id);
      if (place === undefined) continue;
      data.set(vector, place * dimension);
      found.add(place);
    }
  }
  // What another task has removed meanwhile has no vector.
  const images = listed.filter((_, place) => found.has(place));
  if (images.length === listed.length) return { images, data, dimension };
  const kept = new Float32Array(images.length * dimension);
  for (const [row, { id }] of images.entries()) {
    const place = places.get(id) ?? 0;
    kept.set(data.subarray(place * dimension, (place + 1) * dimension), row * dimension);
  }
  return { images, data: kept, dimension };
}

/** Some rows of a table, in ascending order; of all of them the table itself, so that its numbers are in memory once. */
export function rowsOfTable({ data, dimension }: EmbeddingTable, rows: readonly number[]): EmbeddingTable {
  if (rows.length * dimension === data.length) return { data, dimension };
  const some = new Float32Array(rows.length * dimension);
  for (const [place, row] of rows.entries())
    some.set(data.subarray(row * dimension, (row + 1) * dimension), place * dimension);
  return { data: some, dimension };
}
