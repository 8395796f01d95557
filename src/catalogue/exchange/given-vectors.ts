import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { GivenVectors } from '../mirror/indexing/plan-mirror.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import { modelInWords } from '../stores/store-stamp.ts';
import { readVectorFile } from './vector-file.ts';
import type { NamedVectors } from './vector-table.ts';

/**
 * Vectors of some files, for `index` to take instead of embedding.
 *
 * @param stamp of the model that the store is for.
 * @throws UsageError if a file is of another model, or two vectors have one name; FileError if one is damaged.
 */
export async function givenVectors(files: readonly string[], stamp: StoreStamp): Promise<GivenVectors> {
  const byHash = new Map<string, Float32Array>();
  const lengths = new Set<number>();
  const byName = new Map<string, Float32Array>();
  for (const file of files) {
    const table = await readVectorFile(file);
    if ('named' in table) {
      takeNamed(file, table, stamp, byName);
      continue;
    }
    checkStampOf(file, table.stamp, stamp);
    for (const { contentHash, byteLength, vector } of table.rows) {
      byHash.set(contentHash, vector);
      lengths.add(byteLength);
    }
  }
  return { byHash, lengths, byName };
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
  // Signs alone stand for nothing but signs.
  if (given.distance === 'hamming' && wanted.distance !== 'hamming') {
    throw new UsageError(
      `'${file}' has the signs of vectors alone, and the store keeps whole ones: embed for another distance`,
      { path: 'vectors', expected: 'whole vectors', value: file },
    );
  }
}

function takeNamed(file: string, { named }: NamedVectors, stamp: StoreStamp, byName: Map<string, Float32Array>): void {
  for (const { id, vector } of named) {
    if (vector.length !== stamp.dimension) {
      throw new UsageError(
        `the vectors of '${file}' have ${vector.length} elements, and the model ${modelInWords(stamp)} gives ${stamp.dimension}: embed with that one`,
        { path: 'vectors', expected: `vectors of ${stamp.dimension} elements`, value: file },
      );
    }
    if (byName.has(id)) {
      throw new UsageError(`two vectors are given for '${id}', the second in '${file}': give each image once`, {
        ...{ path: 'vectors', expected: 'a vector an image', value: id },
      });
    }
    byName.set(id, vector);
  }
}
