import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Lock, takeLock } from '../../foundation/files/lock.ts';
import type { WriteOptions } from './vector-store.ts';

const lockName = 'lock.json';

/** The right to write a store in a folder. */
export interface StoreLock extends Lock {
  /** The mode of files that this process makes: what its umask leaves of reading and writing for all. */
  readonly fileMode: number;
}

/** Takes the lock of the store in a folder, which has to be there; waits as long as another task has it. */
export async function lockStore(uri: string, folder: string, options: WriteOptions): Promise<StoreLock> {
  const file = path.join(folder, lockName);
  const lock = await takeLock(file, `the store '${uri}' is being written`, { wait: options });
  try {
    const { mode } = await stat(file);
    return { ...lock, fileMode: mode & 0o777 };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** True for the file of a lock, and for what takes its place. */
export function isLockName(name: string): boolean {
  return name.startsWith(lockName) || name.startsWith('.lookalike-');
}
