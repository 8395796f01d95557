import type { MetadataField } from '../metadata/metadata.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';

/** Images with their vectors to be written, and what these are. Rows are taken as they come: all of them are never in memory. */
export interface VectorRows {
  readonly stamp: StoreStamp;
  /** The fields that the images may have, in code-unit order of their names. */
  readonly fields: readonly MetadataField[];
  /** True if some of the images may have been added by themselves. */
  readonly added: boolean;
  /** The images, some at a time, each once. */
  readonly rows: AsyncIterable<readonly StoredVector[]>;
}

/** A file of images with their vectors, and what these are. */
export interface VectorTable {
  readonly stamp: StoreStamp;
  /** Reads the file from its beginning, some images at a time. */
  rows(): AsyncIterable<readonly StoredVector[]>;
}

/** A file of vectors by the names of their images alone, as other programs write them: which model made them is not said. */
export interface NamedVectors {
  /** Reads the file from its beginning, some rows at a time. */
  named(): AsyncIterable<readonly NamedVector[]>;
}

/** One of them. */
export type NamedVector = Pick<StoredVector, 'id' | 'vector'>;

/** Rows that are in memory at a time. */
export const rowsAtATime = 1000;

/** Items one after the other, as lists of at most `length`. */
export async function* inLists<Item>(items: AsyncIterable<Item>, length = rowsAtATime): AsyncGenerator<Item[]> {
  let list: Item[] = [];
  for await (const item of items) {
    list.push(item);
    if (list.length < length) continue;
    yield list;
    list = [];
  }
  if (list.length > 0) yield list;
}
