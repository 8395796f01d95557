import { createHash } from 'node:crypto';
import { fileError } from '../../../foundation/files/file-error.ts';
import { ordinaryFilePieces, statOrdinaryFile } from '../../../foundation/files/ordinary-file.ts';
import type { ImageSource } from '../../../pictures/datasets/dataset.ts';
import type { StoredImage } from '../../stores/vector-store.ts';

/** What an image's bytes are known by. */
export type Fingerprint = Pick<StoredImage, 'contentHash' | 'modifiedAt' | 'byteLength'>;

/**
 * A file that was modified this short a time before it was looked at may be modified again within the same tick of the
 * file system's clock. Its time then says nothing, and is given as 0.
 */
const freshMilliseconds = 2000;

/**
 * When a file was last modified, and its length; of pixels that a dataset's own file carries, only the length.
 *
 * @throws if the file is none that can be read as an image: missing, no ordinary file, or too long.
 */
export async function lookAt(source: ImageSource): Promise<Omit<Fingerprint, 'contentHash'>> {
  if (source.kind === 'pixels') return { modifiedAt: 0, byteLength: source.data.length };
  const now = Date.now();
  try {
    const { mtimeMs, size } = await statOrdinaryFile(source.path);
    return { modifiedAt: now - mtimeMs < freshMilliseconds ? 0 : mtimeMs, byteLength: size };
  } catch (error) {
    throw fileError('read', source.path, error);
  }
}

/** SHA-256 of the bytes that an image file has when it is opened, or of a raw picture's size and pixels, hexadecimal. */
export async function contentHash(source: ImageSource): Promise<string> {
  const hash = createHash('sha256');
  if (source.kind === 'pixels') {
    return hash.update(`${source.width} ${source.height} ${source.channels} `).update(source.data).digest('hex');
  }
  try {
    for await (const piece of ordinaryFilePieces(source.path)) hash.update(piece);
  } catch (error) {
    throw fileError('read', source.path, error);
  }
  return hash.digest('hex');
}

/** True if a file looks as it did when it was stored: of one length and, as far as its time says anything, untouched. */
export function looksUntouched(now: Omit<Fingerprint, 'contentHash'>, stored: StoredImage): boolean {
  return now.modifiedAt !== 0 && now.modifiedAt === stored.modifiedAt && now.byteLength === stored.byteLength;
}
