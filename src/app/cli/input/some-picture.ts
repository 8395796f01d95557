import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { hasImageExtension } from '../../../pictures/datasets/image-extensions.ts';

/** Folders within folders that are looked through. */
const deepest = 4;

/** Some picture in a folder or in the folders below, the first by name; undefined where none is found, or it is no folder. */
export async function somePicture(folder: string, depth = deepest): Promise<string | undefined> {
  const none: Dirent[] = [];
  const entries = (await readdir(folder, { withFileTypes: true }).catch(() => none)).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const file = entries.find((entry) => entry.isFile() && hasImageExtension(entry.name));
  if (file !== undefined) return path.join(folder, file.name);
  if (depth === 0) return undefined;
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const found = await somePicture(path.join(folder, entry.name), depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
