import { type Buffer, isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { FileKind } from '../../foundation/files/kind-of-file.ts';
import { escapedName } from './escaped-name.ts';

/** What an entry of a folder is, links not followed. */
export type EntryType = FileKind & Pick<Dirent, 'isSymbolicLink'>;

/** Something in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly type: EntryType;
  /** False for a name that is not UTF-8: `name` is then what `escapedName` makes of it, and opens nothing. */
  readonly isText: boolean;
}

/** What is in a folder, each under a name of its own. */
export async function folderEntries(folder: string): Promise<FolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  // What stands for bytes that are no text is a character that a name may have, too.
  if (!entries.some(({ name }) => name.includes('\uFFFD'))) {
    return entries.map((entry) => ({ name: entry.name, type: entry, isText: true }));
  }
  const raw = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  const taken = new Set(raw.flatMap(({ name }) => (isUtf8(name) ? [name.toString()] : [])));
  const nameOf = (bytes: Buffer) => {
    const name = escapedName(bytes, taken);
    taken.add(name);
    return name;
  };
  return raw.map((entry) => {
    const isText = isUtf8(entry.name);
    return { name: isText ? entry.name.toString() : nameOf(entry.name), type: entry, isText };
  });
}
