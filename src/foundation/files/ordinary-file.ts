import { Buffer } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { FileError } from '../errors/file-error.ts';
import { codeOf } from './file-error.ts';
import { NotAnOrdinaryFile, otherKindOfFile } from './kind-of-file.ts';

/**
 * Opening and reading never wait for another program: of a pipe or a device they would else, for ever and deaf to signals.
 * Windows has no such flag, and none of these among its files.
 */
export const openToRead = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** The same for a file that grows at its end, and is made if there is none. */
export const openToAppend = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** The most bytes that a file may have to be read whole: what a Buffer of Node's can be filled with at once. */
const mostBytes = 2 ** 31 - 1;
/** Bytes of a piece where a file is read in pieces. */
const pieceBytes = 1 << 18;

/** An ordinary file that is open. */
export interface OrdinaryFile {
  readonly handle: FileHandle;
  /** Of the file that is open, whatever is at its path by now. */
  readonly stats: Stats;
}

/**
 * Opens an ordinary file, or a link to one. What is at the path is looked at before it is opened, for opening
 * alone sets some devices going and frees whoever writes into a pipe; and again when it is open, for it may have been
 * replaced in between.
 *
 * @param flags default: `openToRead`.
 * @throws NotAnOrdinaryFile for a folder, pipe, socket or device; else the operating system's error.
 */
export async function openOrdinaryFile(path: string, flags = openToRead): Promise<OrdinaryFile> {
  const found = await stat(path).catch((error: unknown) => {
    if ((flags & constants.O_CREAT) === 0 || codeOf(error) !== 'ENOENT') throw error;
  });
  if (found !== undefined) refuseOtherKinds(found);
  const handle = await open(path, flags);
  try {
    const stats = await handle.stat();
    refuseOtherKinds(stats);
    return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The bytes that an ordinary file has when it is opened; what is added to it meanwhile is not waited for.
 *
 * @throws as `openOrdinaryFile` does, and if it has 2 GiB or more, or bytes beyond a length of 0, as files of `/proc` have.
 */
export async function readOrdinaryFile(path: string): Promise<Buffer> {
  const { handle, stats } = await openOrdinaryFile(path);
  try {
    const bytes = bufferFor(stats);
    let done = 0;
    for (let bytesRead = -1; done < bytes.length && bytesRead !== 0; done += bytesRead) {
      bytesRead = (await handle.read(bytes, done, bytes.length - done, done)).bytesRead;
    }
    return withinLength(bytes, done, stats);
  } finally {
    await handle.close();
  }
}

/** `readOrdinaryFile` in a thread that has nothing else to do in the meantime. */
export function readOrdinaryFileSync(path: string): Buffer {
  refuseOtherKinds(statSync(path));
  const file = openSync(path, openToRead);
  try {
    const stats = fstatSync(file);
    refuseOtherKinds(stats);
    const bytes = bufferFor(stats);
    let done = 0;
    for (let bytesRead = -1; done < bytes.length && bytesRead !== 0; done += bytesRead) {
      bytesRead = readSync(file, bytes, done, bytes.length - done, done);
    }
    return withinLength(bytes, done, stats);
  } finally {
    closeSync(file);
  }
}

/**
 * The bytes that an ordinary file has when it is opened, in pieces of up to 256 KiB, each with memory of its own. It is
 * closed when the last is taken, or no more are wanted.
 *
 * @throws as `openOrdinaryFile` does, and for bytes beyond a length of 0.
 */
export async function* ordinaryFilePieces(path: string): AsyncGenerator<Buffer, void, undefined> {
  const file = await openOrdinaryFile(path);
  try {
    yield* piecesOf(file);
  } finally {
    await file.handle.close();
  }
}

/** As `ordinaryFilePieces`, of a file that is open and stays so. */
export async function* piecesOf({ handle, stats }: OrdinaryFile): AsyncGenerator<Buffer, void, undefined> {
  const size = Math.max(stats.size, 1);
  for (let done = 0; done < size; ) {
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, size - done));
    const { bytesRead } = await handle.read(piece, 0, piece.length, done);
    if (bytesRead === 0) return;
    if (stats.size === 0) throw withoutLength();
    done += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

/** What is at the path of an ordinary file that can be read whole, which is not opened. @throws as `readOrdinaryFile` does. */
export async function statOrdinaryFile(path: string): Promise<Stats> {
  const stats = await stat(path);
  refuseOtherKinds(stats);
  refuseTooLong(stats.size);
  return stats;
}

function refuseTooLong(size: number): void {
  if (size > mostBytes) throw new FileError(`it has ${size} bytes, and at most ${mostBytes} can be read at once`);
}

function refuseOtherKinds(stats: Stats): void {
  const kind = otherKindOfFile(stats);
  if (kind !== undefined) throw new NotAnOrdinaryFile(kind);
}

/** Room for a file's bytes; for one of length 0, room to see that there is none. */
function bufferFor({ size }: Stats): Buffer {
  refuseTooLong(size);
  return Buffer.allocUnsafeSlow(Math.max(size, 1));
}

function withinLength(bytes: Buffer, done: number, { size }: Stats): Buffer {
  if (done > size) throw withoutLength();
  return bytes.subarray(0, done);
}

/** Some files that the system makes up as they are read say that they have no bytes. Such a file may not end. */
function withoutLength(): Error {
  return new NotAnOrdinaryFile('a file of length 0 that has content all the same, as in /proc');
}
