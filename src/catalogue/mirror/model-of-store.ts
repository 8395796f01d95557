import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { fileError, isMissing } from '../../foundation/files/file-error.ts';
import { modelInWords, type StoreStamp } from '../stores/store-stamp.ts';

/**
 * The model file that a store was made with: the one that the store names, while it has the SHA-256 of then, or a copy of it.
 *
 * @param places where else a copy may be.
 * @throws if it is nowhere, with what became of the file that the store names.
 */
export async function modelOfStore(uri: string, stamp: StoreStamp, places: readonly string[] = []): Promise<string> {
  const named = path.resolve(stamp.modelName);
  const namedHash = await hashOf(named);
  if (namedHash === stamp.modelId) return named;
  for (const place of places) if ((await hashOf(place)) === stamp.modelId) return place;
  const became =
    namedHash === undefined
      ? 'is not there any more'
      : `is another model by now (SHA-256 ${namedHash.slice(0, 12)}), perhaps of a later training`;
  throw new StoreError(
    `the store '${uri}' was made with the model ${modelInWords(stamp)}, and that file ${became}: ` +
      'name a copy of that model, or index into another store with the new one',
  );
}

/** SHA-256 of a file, hexadecimal; undefined if it is not there. @throws if it cannot be read. */
async function hashOf(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file)) hash.update(piece);
    return hash.digest('hex');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError('read', file, error);
  }
}
