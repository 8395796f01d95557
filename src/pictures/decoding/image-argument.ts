import { Buffer } from 'node:buffer';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { givenValue } from '../../foundation/arguments/given-value.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { ImageSource } from '../datasets/dataset.ts';

/** Where the pixels of an image are at hand already. */
export type PixelSource = Extract<ImageSource, { readonly kind: 'pixels' }>;

/** Pixels of an image that was decoded elsewhere: `height * width * channels` bytes, row by row. */
export type DecodedPixels = Omit<PixelSource, 'kind'>;

/**
 * An image as a program gives it: the path of a file or a pipe, its URL (`file:`), the bytes of an image file (JPEG, PNG …) as a Buffer,
 * a Uint8Array, an ArrayBuffer or a Blob, decoded pixels, or the source of an image of a dataset.
 */
export type ImageArgument = string | URL | Uint8Array | ArrayBuffer | Blob | DecodedPixels | ImageSource;

const wanted =
  'an image is the path of a file, a file URL, the bytes of an image file (Buffer, Uint8Array, ArrayBuffer or Blob), or ' +
  'pixels { data, width, height, channels }';

/**
 * An image argument as what `preprocess` and `decodeImage` take. It is recognised by what it has, not by its class, so that
 * objects of another realm (a test environment, a frame) are taken.
 *
 * @throws if it is none, saying what was given.
 */
export async function imageOf(image: ImageArgument): Promise<ImageSource | Buffer> {
  const given: unknown = image;
  if (typeof given === 'string') return fileSource(given);
  if (types.isUint8Array(given)) return Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (types.isAnyArrayBuffer(given)) return Buffer.from(given);
  if (typeof given === 'object' && given !== null) {
    if (isSource(given)) return given;
    if (isUrl(given)) return { kind: 'file', path: pathOfUrl(given.href), orPipe: true };
    if (isPixels(given)) return { ...given, kind: 'pixels' };
    if (isBlob(given)) return Buffer.from(await given.arrayBuffer());
    if ('toBuffer' in given)
      throw wrongImage(`${wanted}; of ${givenValue(given)} give what its toBuffer() gives`, given);
  }
  throw wrongImage(`${wanted}; this is ${givenValue(given)}`, given);
}

function wrongImage(message: string, value: unknown): UsageError {
  return new UsageError(message, { path: 'image', expected: 'an image', value });
}

/** A text is a path, but for one that is plainly an address. */
function fileSource(text: string): ImageSource {
  if (text === '') throw wrongImage(`${wanted}; this is an empty text`, text);
  const [, scheme] = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text) ?? [];
  if (scheme !== undefined) return { kind: 'file', path: pathOfUrl(text), orPipe: true };
  if (/^data:[a-z]+\//i.test(text)) {
    throw wrongImage('data: URLs are not read: give the bytes, such as Buffer.from(base64, "base64")', text);
  }
  return { kind: 'file', path: text, orPipe: true };
}

function pathOfUrl(href: string): string {
  if (/^file:/i.test(href)) return fileURLToPath(href);
  throw wrongImage(
    `addresses are not fetched ('${href.slice(0, 80)}'): download the image first and give its path or bytes`,
    href,
  );
}

function isSource(given: object): given is ImageSource {
  return (
    'kind' in given &&
    (given.kind === 'pixels' || (given.kind === 'file' && 'path' in given && typeof given.path === 'string'))
  );
}

function isUrl(given: object): given is URL {
  return 'href' in given && typeof given.href === 'string' && 'protocol' in given;
}

function isPixels(given: object): given is DecodedPixels {
  return 'data' in given && 'width' in given && 'height' in given && 'channels' in given;
}

function isBlob(given: object): given is Blob {
  return 'arrayBuffer' in given && typeof given.arrayBuffer === 'function';
}
