import type { Dirent, Stats } from 'node:fs';

/** What tells the kinds of files apart. */
export type FileKind = Pick<
  Stats & Dirent,
  'isBlockDevice' | 'isCharacterDevice' | 'isDirectory' | 'isFIFO' | 'isFile' | 'isSocket'
>;

/** What is at a path, in words, where it is no ordinary file; undefined for an ordinary file. */
export function otherKindOfFile(stats: FileKind): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device';
  return 'something else than a file';
}

/** Something that is not read, for it is no ordinary file: reading it may wait for ever, or never come to an end. */
export class NotAnOrdinaryFile extends Error {
  /** @param kind what it is: `a named pipe`. */
  constructor(kind: string) {
    super(
      kind === 'a folder'
        ? 'it is a folder (EISDIR); name a file'
        : `it is ${kind}, not an ordinary file; copy its content into one`,
    );
    this.name = 'NotAnOrdinaryFile';
  }
}
