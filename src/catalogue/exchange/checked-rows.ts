import { StoreError } from '../../foundation/errors/store-error.ts';
import { newFields } from '../metadata/metadata-fields.ts';
import { keptImages } from '../stores/check-metadata.ts';
import { checkVector } from '../stores/check-vectors.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import type { VectorRows } from './vector-table.ts';

/**
 * Rows of a file as they come, each of which is looked at. Their names alone stay in memory.
 *
 * @throws if a vector is none of the stamp, or two rows have one id.
 */
export async function* checkedRows(
  file: string,
  stamp: StoreStamp,
  rows: AsyncIterable<readonly StoredVector[]>,
): AsyncGenerator<readonly StoredVector[]> {
  const ids = new Set<string>();
  for await (const some of rows) {
    for (const { id, vector } of some) {
      checkVector(file, stamp, vector, `the vector of '${id}'`);
      if (ids.has(id)) throw new StoreError(`two rows of '${file}' have the id '${id}': give each image once`);
      ids.add(id);
    }
    yield some;
  }
}

/** Rows to be written, as a store keeps them. @throws as `checkedRows` does, and if a field is none of those that were told. */
export async function* keptRows(
  file: string,
  { stamp, fields, rows }: VectorRows,
): AsyncGenerator<readonly StoredVector[]> {
  for await (const some of checkedRows(file, stamp, rows)) {
    const kept = keptImages(some);
    const [untold] = newFields(file, fields, kept);
    if (untold !== undefined) {
      throw new StoreError(
        `an image for '${file}' has the field '${untold.name}', which is none of those that were told before its rows: tell all of them`,
      );
    }
    yield kept;
  }
}
