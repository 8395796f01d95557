import { Buffer } from 'node:buffer';
import { close, fstat, open, read, stat } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { FileError } from '../errors/file-error.ts';
import { codeOf } from './file-error.ts';
import { NotAnOrdinaryFile } from './kind-of-file.ts';
import { openToRead, readOrdinaryFile } from './ordinary-file.ts';

/** What a pipe may take. */
export interface PipeLimits {
  /** The most bytes. Default: 1 GiB. */
  readonly mostBytes?: number | undefined;
  /** Seconds in which nothing comes, from somebody who has it open to write. Default: 60. */
  readonly silence?: number | undefined;
  /** Seconds in which nobody opens it to write. Default: 5. */
  readonly loneliness?: number | undefined;
}

/**
 * The bytes of an ordinary file, or what comes out of a pipe until it is closed at its other end: for a path that somebody
 * has typed, such as a shell's `<(command)`. The pipe is waited for without a thread of its own, so that the process can end.
 *
 * @throws as `readOrdinaryFile` does, and for a pipe that gives too much or is silent for too long.
 */
export async function readFileOrPipe(path: string, limits: PipeLimits = {}): Promise<Buffer> {
  if (!(await promisify(stat)(path)).isFIFO()) return readOrdinaryFile(path);
  // By number: the socket closes it.
  const pipe = await promisify(open)(path, openToRead);
  if (!(await promisify(fstat)(pipe)).isFIFO()) {
    await promisify(close)(pipe);
    throw new NotAnOrdinaryFile('a pipe no more');
  }
  return readPipe(pipe, limits);
}

async function readPipe(pipe: number, limits: PipeLimits): Promise<Buffer> {
  const { mostBytes = 2 ** 30, silence = 60, loneliness = 5 } = limits;
  const first = Buffer.alloc(1);
  const isWritten = await hasWriter(pipe, first);
  const pieces: Buffer[] = isWritten === 'with bytes' ? [first] : [];
  const source = new Socket({ fd: pipe, readable: true, writable: false });
  let seconds = isWritten === 'no' ? loneliness : silence;
  source.setTimeout(1000 * seconds, () => {
    source.destroy(new FileError(`nothing has come out of the pipe for ${seconds} seconds; give an ordinary file`));
  });
  let length = pieces.length;
  const chunks: AsyncIterable<Buffer> = source;
  for await (const piece of chunks) {
    // Somebody writes who was not there when the pipe was opened.
    seconds = silence;
    source.setTimeout(1000 * seconds);
    pieces.push(piece);
    length += piece.length;
    if (length > mostBytes)
      throw new FileError(`more than ${mostBytes} bytes come out of the pipe; give an ordinary file`);
  }
  return Buffer.concat(pieces);
}

/** Whether somebody has a pipe open to write, or had and left bytes in it, the first of which is then taken out. */
async function hasWriter(pipe: number, first: Buffer): Promise<'no' | 'silent' | 'with bytes'> {
  const taken = await promisify(read)(pipe, first, 0, 1, null).catch((error: unknown) => {
    if (codeOf(error) !== 'EAGAIN') throw error;
  });
  if (taken === undefined) return 'silent';
  return taken.bytesRead === 0 ? 'no' : 'with bytes';
}
