import type { FileHandle } from 'node:fs/promises';

/** Lines of a log from some byte on. */
export interface LogPiece {
  readonly lines: readonly string[];
  /** The byte that the next piece begins at. */
  readonly next: number;
  /** True if nothing more has been written. */
  readonly isWhole: boolean;
}

/** Bytes of a piece: a line has some hundred, one with an evaluation some thousand. */
const mostBytes = 2 ** 18;
const newline = 10;

/**
 * The whole lines of a log from a byte on, at most 256 KiB of them. A line that is being written is left for the next time; a log
 * that is shorter than that was begun anew, and is read from its beginning.
 */
export async function readLogPiece(handle: FileHandle, size: number, after: number): Promise<LogPiece> {
  const from = after > size ? 0 : after;
  const bytes = new Uint8Array(Math.min(mostBytes, size - from));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
  const end = bytes.subarray(0, bytesRead).lastIndexOf(newline) + 1;
  // A line that is longer than a piece is no line of ours: it is passed over.
  const next = end === 0 && bytesRead === mostBytes ? from + bytesRead : from + end;
  const text = new TextDecoder().decode(bytes.subarray(0, end));
  return { lines: text.split('\n').filter((line) => line !== ''), next, isWhole: from + bytesRead >= size };
}
