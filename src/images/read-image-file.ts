import type { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UnreadableImageError } from './unreadable-image-error.ts';

/**
 * The bytes of an image's file.
 *
 * @throws UnreadableImageError if it is missing, empty, a folder or may not be read.
 */
export async function readImageFile(path: string): Promise<Buffer> {
  try {
    return unlessEmpty(await readFile(path), path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The same, in a thread that has nothing else to do in the meantime. */
export function readImageFileSync(path: string): Buffer {
  try {
    return unlessEmpty(readFileSync(path), path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unlessEmpty(bytes: Buffer, path: string): Buffer {
  if (bytes.length > 0) return bytes;
  throw new UnreadableImageError(path, 'it is empty (0 bytes); fetch the file again or remove it');
}

function unreadable(path: string, error: unknown): UnreadableImageError {
  if (error instanceof UnreadableImageError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file; check the path',
    EISDIR: 'it is a folder; give a file',
    EACCES: 'it may not be read; change its permissions',
    ELOOP: 'its symbolic links lead round in a circle; remove them',
  };
  return new UnreadableImageError(path, reasons[code ?? ''] ?? `${message}; check the file`, error);
}
