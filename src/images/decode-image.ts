import { Buffer } from 'node:buffer';
import sharp, { type SharpOptions } from 'sharp';
import type { ImageSource } from '../datasets/dataset.ts';
import { maximumPixels } from './maximum-pixels.ts';
import { readImageFile } from './read-image-file.ts';
import type { RgbImage } from './rgb-image.ts';
import { UnreadableImageError } from './unreadable-image-error.ts';

/** How a picture is decoded where it leaves a choice. */
export interface DecodeOptions {
  /** What shows through transparent places, as `#rrggbb`. Default: white. */
  readonly background?: string;
  /** SVG alone: it is drawn at least this large on both sides. Default: at its own size, 72 dots an inch. */
  readonly target?: { readonly width: number; readonly height: number };
  /** What messages call an image given as bytes. Default: `the given bytes`. */
  readonly name?: string;
}

/**
 * Decodes JPEG, PNG, WebP, GIF, TIFF, AVIF and SVG to 8-bit sRGB.
 *
 * EXIF orientation is applied; colour profiles and CMYK are turned into sRGB (CMYK without a profile by sharp's own);
 * 16-bit samples lose their low byte; grey becomes RGB; transparency is composited on `background`, in sRGB values, within
 * 1 of 255; an animation or a file of several pages gives its first. A file that ends too early is an error, never a
 * half-grey picture. Files are read whole, so an old state of a file is never served from a cache.
 *
 * @throws UnreadableImageError if the image is missing, empty, of another format, broken, or beyond `maximumPixels`.
 */
export async function decodeImage(source: ImageSource | Buffer, options: DecodeOptions = {}): Promise<RgbImage> {
  if (!Buffer.isBuffer(source) && source.kind === 'pixels') return rgbOfPixels(source);
  const name = Buffer.isBuffer(source) ? (options.name ?? 'the given bytes') : source.path;
  const bytes = Buffer.isBuffer(source) ? source : await readImageFile(source.path, source.orPipe);
  if (bytes.length === 0) throw new UnreadableImageError(name, 'it is empty (0 bytes); give the whole image');
  try {
    return await decode(bytes, options);
  } catch (error) {
    throw new UnreadableImageError(name, reasonOf(error as Error, bytes, name), error);
  }
}

async function decode(bytes: Buffer, options: DecodeOptions): Promise<RgbImage> {
  const settings: SharpOptions = { failOn: 'error', limitInputPixels: maximumPixels, autoOrient: true };
  if (options.target !== undefined && looksLikeMarkup(bytes)) {
    const { width, height } = await sharp(bytes, settings).metadata();
    const enlargement = Math.max(1, options.target.width / width, options.target.height / height);
    settings.density = 72 * enlargement;
  }
  const { data, info } = await sharp(bytes, settings)
    .flatten({ background: options.background ?? '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it decodes to ${info.channels} channels, not to the 3 of RGB`);
  return { width: info.width, height: info.height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}

/** True if the first visible character is `<`: of all formats read here, an SVG. */
function looksLikeMarkup(bytes: Buffer): boolean {
  return bytes
    .subarray(0, 256)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith('<');
}

function rgbOfPixels(source: Extract<ImageSource, { kind: 'pixels' }>): RgbImage {
  const { width, height, channels, data } = source;
  if (channels === 3) return { width, height, data: Uint8Array.from(data) };
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) rgb.fill(data[pixel], pixel * 3, pixel * 3 + 3);
  return { width, height, data: rgb };
}

function reasonOf(error: Error, bytes: Buffer, name: string): string {
  const [firstLine] = error.message.split('\n');
  if (/pixel limit/i.test(firstLine)) {
    return `it has more than ${maximumPixels / 1e6} million pixels; make it smaller first`;
  }
  const format = formatThatIsNotRead(bytes);
  if (format !== undefined) return `${format} is not a format that can be read; convert it to PNG or JPEG`;
  if (/unsupported image format/i.test(firstLine)) {
    const ending = /\.(\w+)$/.exec(name)?.[1];
    return `it is not an image${ending ? `, though it is named .${ending}` : ''}, or broken from its first bytes on; remove it`;
  }
  return `it is broken or cut short (${firstLine.trim()}); fetch the file again or remove it`;
}

/** Names a well-known image format that cannot be decoded here, by the file's first bytes. */
function formatThatIsNotRead(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 2).toString('latin1') === 'BM') return 'BMP';
  if (/^ftyp(hei|hev|mif1)/.test(bytes.subarray(4, 12).toString('latin1'))) return 'HEIC';
  return undefined;
}
