import type { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { UnreadableImageError } from './unreadable-image-error.ts';

/**
 * The bytes of an image's file.
 *
 * @throws UnreadableImageError if it is missing, empty, a folder or may not be read.
 */
export async function readImageFile(path: string): Promise<Buffer> {
  const bytes = await read(path);
  if (bytes.length > 0) return bytes;
  throw new UnreadableImageError(path, 'it is empty (0 bytes); fetch the file again or remove it');
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file; check the path',
      EISDIR: 'it is a folder; give a file',
      EACCES: 'it may not be read; change its permissions',
      ELOOP: 'its symbolic links lead round in a circle; remove them',
    };
    throw new UnreadableImageError(path, reasons[code ?? ''] ?? `${message}; check the file`, error);
  }
}
