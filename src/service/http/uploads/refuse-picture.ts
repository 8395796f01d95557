import type { Buffer } from 'node:buffer';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import { formatOf } from '../../../pictures/decoding/formats/picture-format.ts';
import { externalReference } from '../../../pictures/decoding/formats/svg-references.ts';

/** True of what a picture may be said to be. */
export function isPictureType(contentType: string): boolean {
  return /^image\/[\w.+-]+$|^application\/octet-stream$/i.test(contentType);
}

/**
 * Refuses an uploaded or fetched picture that need not be decoded to see that it should not be: one that is said to be something else, whose
 * bytes are of no format that is read, or a drawing that refers to other files.
 *
 * @param role what the request calls it.
 * @param contentType what is said of it.
 * @throws RequestError
 */
export function refusePicture(role: string, contentType: string, bytes: Buffer): void {
  if (!isPictureType(contentType)) {
    throw new RequestError(
      'content-type',
      `the picture '${role}' is said to be ${contentType.slice(0, 80)}: send image/…`,
      {
        path: role,
      },
    );
  }
  const format = formatOf(bytes);
  if (format?.name !== 'SVG') return;
  const reference = externalReference(bytes);
  if (reference === undefined) return;
  throw new RequestError(
    'unreadable-image',
    `the drawing '${role}' refers to something outside of itself ('${reference.slice(0, 80)}'): embed it`,
    { path: role },
  );
}
