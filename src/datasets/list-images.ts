import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { hasImageExtension } from './image-extensions.ts';

/**
 * Paths of all image files under a folder, at any depth, relative to it, with `/` between folders, in code-unit order.
 *
 * Hidden files and folders (a leading dot) are passed over. Symbolic links are followed, but a folder is entered once
 * only, by its real path: a link back to a folder above, or to one that is listed under its own name, adds nothing. Links
 * come after everything that is really there, so it is the link's name that is left out. A link to nothing, with an
 * image's extension, is listed: reading it fails and says why.
 *
 * @throws if a folder cannot be read, naming it.
 */
export async function listImages(root: string): Promise<string[]> {
  const found: string[] = [];
  const entered = new Set<string>();
  let links = [''];
  while (links.length > 0) {
    const next: string[] = [];
    for (const relative of links.sort()) await enter(root, relative, { found, entered, links: next });
    links = next;
  }
  return found.sort();
}

interface Walk {
  readonly found: string[];
  /** Real paths of the folders that have been listed. */
  readonly entered: Set<string>;
  /** Links to folders that have been met and not followed yet. */
  readonly links: string[];
}

async function enter(root: string, relative: string, walk: Walk): Promise<void> {
  const folder = path.join(root, relative);
  const real = await realpath(folder);
  if (walk.entered.has(real)) return;
  walk.entered.add(real);
  for (const entry of await entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue;
    const child = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (entry.isDirectory()) await enter(root, child, walk);
    else if (entry.isSymbolicLink() && (await isFolder(path.join(root, child)))) walk.links.push(child);
    else if (hasImageExtension(entry.name)) walk.found.push(child);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new Error(
      `cannot list the folder '${folder}': ${(error as Error).message}; make it readable or leave it out`,
      {
        cause: error,
      },
    );
  }
}

async function isFolder(target: string): Promise<boolean> {
  try {
    return (await stat(target)).isDirectory();
  } catch {
    return false;
  }
}
