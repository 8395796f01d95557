import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './file-error.ts';

/**
 * Makes a folder, and those above it that are missing.
 *
 * Node's own way, `mkdir` with `recursive`, never ends where a system says "no such file or folder" of a place whose parent is there,
 * as `/proc` does: it makes the parent for ever, in a thread that no signal stops.
 *
 * @returns the first folder that was made; undefined if all were there.
 * @throws the operating system's error: ENOENT also where nothing can be made, ENOTDIR or EEXIST where there is a file.
 */
export async function makeFolders(folder: string): Promise<string | undefined> {
  const whole = path.resolve(folder);
  const made = await madeOrThere(whole);
  if (made !== undefined) return made ? whole : undefined;
  const first = await makeFolders(path.dirname(whole));
  // A second time: what has no parent now cannot be made here.
  if (await madeOrThere(whole, true)) return first ?? whole;
  return first;
}

/** @returns true if it was made, false if it was there; undefined where a folder above it is missing, unless `isLast`. */
async function madeOrThere(folder: string, isLast = false): Promise<boolean | undefined> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !isLast && path.dirname(folder) !== folder) return undefined;
    if (codeOf(error) !== 'ENOENT' && (await isFolder(folder))) return false;
    throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
