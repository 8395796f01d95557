import { FileError } from '../../foundation/errors/file-error.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { newFields } from '../metadata/metadata-fields.ts';
import { keptImages } from '../stores/check-metadata.ts';
import { checkVector } from '../stores/check-vectors.ts';
import { readStamp, type StoreStamp } from '../stores/store-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import type { VectorRows } from './vector-table.ts';

/**
 * Rows of a file as they are read, each of which is looked at. Their names alone stay in memory.
 *
 * @throws FileError if a vector is none of the stamp, or two rows have one id.
 */
export async function* checkedRows(
  file: string,
  { dimension }: Pick<StoreStamp, 'dimension'>,
  rows: AsyncIterable<readonly StoredVector[]>,
): AsyncGenerator<readonly StoredVector[]> {
  yield* looked(file, rows, ({ id, vector }) => {
    if (vector.length !== dimension) {
      throw new FileError(
        `the vector of '${id}' in '${file}' has ${vector.length} elements, and the file says ${dimension}: write it again`,
      );
    }
    const wrong = vector.findIndex((element) => !Number.isFinite(element));
    if (wrong === -1) return;
    throw new FileError(
      `element ${wrong} of the vector of '${id}' in '${file}' is ${vector[wrong]}, expected a finite number: write it again`,
    );
  });
}

/** The stamp in a file. @throws FileError that names the file, and what is wrong in it. */
export function stampOfFile(file: string, text: string): StoreStamp {
  const { note, why } = readStamp(text);
  if (why === undefined) return note;
  throw new FileError(
    `'${file}' is damaged, or of a later lookalike: its stamp, which says what model made its vectors, ${why}; write it again`,
  );
}

async function* looked(
  file: string,
  rows: AsyncIterable<readonly StoredVector[]>,
  check: (row: StoredVector) => void,
): AsyncGenerator<readonly StoredVector[]> {
  const ids = new Set<string>();
  for await (const some of rows) {
    for (const row of some) {
      const { id } = row;
      check(row);
      if (ids.has(id)) throw new FileError(`two rows of '${file}' have the id '${id}': give each image once`);
      ids.add(id);
    }
    yield some;
  }
}

/** Rows to be written, as a store keeps them. @throws if a vector is none of the stamp, two rows have one id, or a field is none of those that were told. */
export async function* keptRows(
  file: string,
  { stamp, fields, rows }: VectorRows,
): AsyncGenerator<readonly StoredVector[]> {
  const check = ({ id, vector }: StoredVector) => checkVector(file, stamp, vector, `the vector of '${id}'`);
  for await (const some of looked(file, rows, check)) {
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
