import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, errorReason, fileError } from '../../foundation/files/file-error.ts';
import { type FileKind, NotAnOrdinaryFile, otherKindOfFile } from '../../foundation/files/kind-of-file.ts';
import { type FolderEntry, folderEntries } from './folder-entries.ts';
import { hasImageExtension } from './image-extensions.ts';
import type { PassedOver } from './passed-over.ts';
import { systemFolderContent } from './system-folders.ts';

/** What is in a folder. */
export interface ImageList {
  /** Paths of image files relative to the folder, with `/` between folders, in code-unit order. */
  readonly ids: readonly string[];
  /** In code-unit order of their ids. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * The image files under a folder, at any depth.
 *
 * Hidden files and folders (a leading dot) are passed over, without a word. So are others, and told: folders that cannot be
 * listed, folders of the system's own (`@eaDir`), names that are not UTF-8, links that lead nowhere, and what has an
 * image's extension and is a pipe, a socket or a device.
 *
 * Symbolic links are followed, but a folder is entered once only, by its real path: a link back to a folder above, or to
 * one that is listed under its own name, adds nothing. Links come after everything that is really there, so it is the
 * link's name that is left out. A link to nothing, with an image's extension, is listed: reading it fails and says why.
 *
 * @throws if the folder itself cannot be listed.
 */
export async function listImages(root: string): Promise<ImageList> {
  const walk: Walk = { root, found: [], passedOver: [], entered: new Set(), links: [''] };
  while (walk.links.length > 0) {
    for (const relative of walk.links.splice(0).sort()) await enter(relative, walk);
  }
  walk.passedOver.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { ids: walk.found.sort(), passedOver: walk.passedOver };
}

interface Walk {
  readonly root: string;
  readonly found: string[];
  readonly passedOver: PassedOver[];
  /** Real paths of the folders that have been listed. */
  readonly entered: Set<string>;
  /** Links to folders that have been met and not followed yet. */
  readonly links: string[];
}

async function enter(relative: string, walk: Walk): Promise<void> {
  const folder = path.join(walk.root, relative);
  let entries: readonly FolderEntry[];
  try {
    const real = await realpath(folder);
    if (walk.entered.has(real)) return;
    walk.entered.add(real);
    entries = await folderEntries(folder);
  } catch (error) {
    if (relative === '') throw fileError('list the folder', folder, error);
    walk.passedOver.push({ id: `${relative}/`, reason: `it cannot be listed: ${errorReason(error)}`, kind: 'unread' });
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const id = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (!entry.isText) passOverName(id, entry, walk);
    else if (entry.type.isDirectory()) {
      if (!passedOverAsSystems(id, entry, walk)) await enter(id, walk);
    } else if (entry.type.isSymbolicLink()) await meetLink(id, entry, walk);
    else meetFile(id, entry.type, walk);
  }
}

function passOverName(id: string, { type }: FolderEntry, walk: Walk): void {
  const isFolder = type.isDirectory();
  if (!isFolder && !type.isSymbolicLink() && !hasImageExtension(id)) return;
  walk.passedOver.push({ id: isFolder ? `${id}/` : id, reason: 'its name is not UTF-8; rename it', kind: 'unread' });
}

/** True for a folder of a system's own, which is then passed over. */
function passedOverAsSystems(id: string, { name }: FolderEntry, walk: Walk): boolean {
  const content = systemFolderContent(name);
  if (content !== undefined) walk.passedOver.push({ id: `${id}/`, reason: content, kind: 'system' });
  return content !== undefined;
}

async function meetLink(id: string, entry: FolderEntry, walk: Walk): Promise<void> {
  let target: Stats;
  try {
    target = await stat(path.join(walk.root, id));
  } catch (error) {
    // It may have been a folder, of a disk that is not there now.
    if (hasImageExtension(entry.name)) walk.found.push(id);
    else walk.passedOver.push({ id, reason: reasonOfLink(error), kind: 'unread' });
    return;
  }
  if (!target.isDirectory()) meetFile(id, target, walk);
  else if (!passedOverAsSystems(id, entry, walk)) walk.links.push(id);
}

function meetFile(id: string, kind: FileKind, walk: Walk): void {
  if (!hasImageExtension(path.posix.basename(id))) return;
  const otherKind = otherKindOfFile(kind);
  if (otherKind === undefined) walk.found.push(id);
  else walk.passedOver.push({ id, reason: new NotAnOrdinaryFile(otherKind).message, kind: 'unread' });
}

function reasonOfLink(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'it is a link to nothing; remove it, or bring back what it links to';
  if (code === 'ELOOP') return 'its symbolic links lead round in a circle; remove it';
  return `it is a link that cannot be followed: ${errorReason(error)}`;
}
