import { takeLease } from '../s3/lease.ts';
import { lockStore } from '../store-lock.ts';
import { schemeOfStore } from '../store-place.ts';
import type { WriteOptions } from '../vector-store.ts';
import type { WritingPlace } from './writer.ts';

/** The lock of a store of LanceDB's that this task has. */
export interface PlaceLock {
  readonly place: WritingPlace;
  release(): Promise<void>;
}

/**
 * Takes the right to write a store: by a file in its folder, or by a lease in S3.
 *
 * @returns undefined for an address of another kind, where there is no lock.
 */
export async function lockPlace(
  uri: string,
  folder: string | undefined,
  options: WriteOptions,
): Promise<PlaceLock | undefined> {
  if (folder !== undefined) {
    const lock = await lockStore(uri, folder, options);
    const place = { lock, folder: { path: folder, fileMode: lock.fileMode } };
    return { place, release: () => lock.release() };
  }
  if (schemeOfStore(uri) !== 's3') return undefined;
  const lease = await takeLease(uri, process.env, options);
  return { place: { lock: lease, folder: undefined }, release: () => lease.release() };
}
