import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { GivenVectors } from '../mirror/plan-mirror.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import { modelInWords } from '../stores/store-stamp.ts';
import { readVectorFile } from './vector-file.ts';

/**
 * Vectors of some files, for `index` to take instead of embedding.
 *
 * @param stamp of the model that the store is for.
 * @throws UsageError if a file is of another model; FileError if one is damaged.
 */
export async function givenVectors(files: readonly string[], stamp: StoreStamp): Promise<GivenVectors> {
  const byHash = new Map<string, Float32Array>();
  const lengths = new Set<number>();
  for (const file of files) {
    const table = await readVectorFile(file);
    if (table.stamp.modelId !== stamp.modelId || table.stamp.dimension !== stamp.dimension) {
      throw new UsageError(
        `the vectors of '${file}' are of another model, ${modelInWords(table.stamp)}, not ${modelInWords(stamp)}: embed with that one`,
        { path: 'vectors', expected: 'vectors of the same model', value: file },
      );
    }
    // Signs alone stand for nothing but signs.
    if (table.stamp.distance === 'hamming' && stamp.distance !== 'hamming') {
      throw new UsageError(
        `'${file}' has the signs of vectors alone, and the store keeps whole ones: embed for another distance`,
        {
          path: 'vectors',
          expected: 'whole vectors',
          value: file,
        },
      );
    }
    for (const { contentHash, byteLength, vector } of table.rows) {
      byHash.set(contentHash, vector);
      lengths.add(byteLength);
    }
  }
  return { byHash, lengths };
}
