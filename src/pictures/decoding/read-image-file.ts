import type { Buffer } from 'node:buffer';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { codeOf, errorReason } from '../../foundation/files/file-error.ts';
import { readFileOrPipe } from '../../foundation/files/file-or-pipe.ts';
import { readOrdinaryFile, readOrdinaryFileSync } from '../../foundation/files/ordinary-file.ts';
import { cameraOfRawFile } from '../datasets/image-extensions.ts';
import { UnreadableImageError } from './unreadable-image-error.ts';

/**
 * The bytes of an image's file, as `readOrdinaryFile` gives them.
 *
 * @param orPipe true for a path that somebody has typed, which may be that of a pipe.
 * @throws UnreadableImageError if it is missing, empty, no ordinary file, a camera's raw file, or may not be read.
 */
export async function readImageFile(file: string, orPipe = false): Promise<Buffer> {
  try {
    return unlessEmpty(await (orPipe ? readFileOrPipe : readOrdinaryFile)(unlessRaw(file)), file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The same of an ordinary file, in a thread that has nothing else to do in the meantime. */
export function readImageFileSync(file: string): Buffer {
  try {
    return unlessEmpty(readOrdinaryFileSync(unlessRaw(file)), file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Most raw files of cameras are TIFFs that begin with a small preview, which would be taken for the picture. */
function unlessRaw(file: string): string {
  const camera = cameraOfRawFile(path.basename(file));
  if (camera === undefined) return file;
  throw new UnreadableImageError(
    file,
    `it is a raw file of a camera (${camera}), which is not read; convert it to JPEG or TIFF`,
  );
}

function unlessEmpty(bytes: Buffer, file: string): Buffer {
  if (bytes.length > 0) return bytes;
  throw new UnreadableImageError(file, 'it is empty (0 bytes); fetch the file again or remove it');
}

function unreadable(file: string, error: unknown): UnreadableImageError {
  if (error instanceof UnreadableImageError) return error;
  const reasons: Record<string, string> = {
    ENOENT: reasonOfMissing(file),
    EACCES: 'it may not be read; change its permissions',
    ELOOP: 'its symbolic links lead round in a circle; remove them',
    ENAMETOOLONG: 'its name is too long; check the path',
  };
  return new UnreadableImageError(file, reasons[codeOf(error) ?? ''] ?? errorReason(error), error);
}

function reasonOfMissing(file: string): string {
  if (/^file:/i.test(file)) return 'there is no such file: it is taken for a path; give it without file:';
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file)) return 'addresses are not fetched; download it and give the file';
  if (file.includes('\uFFFD')) {
    return 'there is no such file, or its name is not UTF-8; check the path, or rename the file';
  }
  if (path.sep === '/' && file.includes('\\')) {
    return 'there is no such file: folders are divided by / here, and its path has \\ in it; check the path';
  }
  // Where a name was typed on one system and its file made on another, é may be one character or two.
  const twin = ['NFC', 'NFD'].map((form) => file.normalize(form)).find((other) => other !== file && existsSync(other));
  if (twin !== undefined) {
    return "there is no such file, but one whose name looks the same and has its accents written otherwise (Unicode's NFC and NFD); rename one of them";
  }
  return 'there is no such file; check the path';
}
