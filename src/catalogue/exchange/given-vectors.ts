import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { GivenVector, GivenVectors } from '../mirror/indexing/plan-mirror.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import { decodingOf, modelInWords } from '../stores/store-stamp.ts';
import { readVectorFile } from './vector-file.ts';
import type { NamedVector } from './vector-table.ts';

/**
 * Vectors of some files, for `index` to take instead of embedding. Every file is read once to look at all of it, and again for each
 * time that its vectors are asked for: what is in memory is which images there are vectors of, and never all vectors.
 *
 * @param stamp of the model that the store is for.
 * @throws UsageError if a file is of another model, or two vectors have one name; FileError if one is damaged.
 */
export async function givenVectors(files: readonly string[], stamp: StoreStamp): Promise<GivenVectors> {
  const hashes = new Set<string>();
  const lengths = new Set<number>();
  const names = new Set<string>();
  for (const file of files) {
    const table = await checkedFile(file, stamp);
    if ('named' in table) for await (const rows of table.named()) takeNames(file, rows, stamp, names);
    else {
      for await (const rows of table.rows()) {
        for (const { contentHash, byteLength } of rows) {
          hashes.add(contentHash);
          lengths.add(byteLength);
        }
      }
    }
  }
  return { hashes, lengths, names, vectors: () => vectorsOf(files, stamp) };
}

async function* vectorsOf(files: readonly string[], stamp: StoreStamp): AsyncGenerator<readonly GivenVector[]> {
  for (const file of files) {
    // Somebody may have written it anew since it was looked at.
    const table = await checkedFile(file, stamp);
    if ('named' in table) {
      for await (const rows of table.named()) {
        for (const row of rows) checkNamed(file, row, stamp);
        yield rows.map(({ id, vector }) => ({ name: id, vector }));
      }
    } else {
      for await (const rows of table.rows()) yield rows.map(({ contentHash, vector }) => ({ contentHash, vector }));
    }
  }
}

async function checkedFile(file: string, stamp: StoreStamp) {
  const table = await readVectorFile(file);
  if ('stamp' in table) checkStampOf(file, table.stamp, stamp);
  return table;
}

function checkStampOf(file: string, given: StoreStamp, wanted: StoreStamp): void {
  if (given.modelId !== wanted.modelId || given.dimension !== wanted.dimension) {
    throw new UsageError(
      `the vectors of '${file}' are of another model, ${modelInWords(given)}, not ${modelInWords(wanted)}: embed with that one`,
      { path: 'vectors', expected: 'vectors of the same model', value: file },
    );
  }
  if (given.precision !== wanted.precision) {
    const [there, here] = [given, wanted].map(({ precision = 'float32' }) => precision);
    throw new UsageError(`the vectors of '${file}' were computed in ${there}, not in ${here}: embed in ${here}`, {
      path: 'vectors',
      expected: `vectors in ${here}`,
      value: file,
    });
  }
  const [decodedThere, decodedHere] = [given, wanted].map(decodingOf);
  if (decodedThere !== decodedHere) {
    throw new UsageError(
      `the pictures of '${file}' were decoded ${decodedThere}, and here they are decoded ${decodedHere}: embed with decode ${decodedHere}`,
      { path: 'vectors', expected: `vectors of pictures that were decoded ${decodedHere}`, value: file },
    );
  }
  // Signs alone stand for nothing but signs.
  if (given.distance === 'hamming' && wanted.distance !== 'hamming') {
    throw new UsageError(
      `'${file}' has the signs of vectors alone, and the store keeps whole ones: embed for another distance`,
      { path: 'vectors', expected: 'whole vectors', value: file },
    );
  }
}

function takeNames(file: string, rows: readonly NamedVector[], stamp: StoreStamp, names: Set<string>): void {
  for (const row of rows) {
    checkNamed(file, row, stamp);
    if (names.has(row.id)) {
      throw new UsageError(`two vectors are given for '${row.id}', the second in '${file}': give each image once`, {
        ...{ path: 'vectors', expected: 'a vector an image', value: row.id },
      });
    }
    names.add(row.id);
  }
}

function checkNamed(file: string, { vector }: NamedVector, stamp: StoreStamp): void {
  if (vector.length === stamp.dimension) return;
  throw new UsageError(
    `the vectors of '${file}' have ${vector.length} elements, and the model ${modelInWords(stamp)} gives ${stamp.dimension}: embed with that one`,
    { path: 'vectors', expected: `vectors of ${stamp.dimension} elements`, value: file },
  );
}
