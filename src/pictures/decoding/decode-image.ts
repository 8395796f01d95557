import { Buffer } from 'node:buffer';
import { type OptionRules, objectWith, optional, text, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../foundation/arguments/check-options.ts';
import type { ImageSource } from '../datasets/dataset.ts';
import { rgbOfPixels } from './given-pixels.ts';
import { PictureDecoder } from './picture-decoder.ts';
import { PictureRefusal } from './picture-refusal.ts';
import type { PixelRequest } from './pixel-request.ts';
import { readImageFile } from './read-image-file.ts';
import type { RgbImage } from './rgb-image.ts';
import { UnreadableImageError } from './unreadable-image-error.ts';

/** How a picture is decoded where it leaves a choice. */
export interface DecodeOptions {
  /** What shows through transparent places, as `#rrggbb`. Default: white. */
  readonly background?: string | undefined;
  /**
   * SVG alone: it is drawn at least this large on both sides, as far as the limits and the renderer's 32,767 pixels a side
   * allow. Default: at its own size, 72 dots an inch.
   */
  readonly target?: PixelRequest['target'];
  /**
   * JPEG alone: where it is at least three times as large on both sides, it is scaled while it is decoded (by the cosine
   * transform to a half, a quarter or an eighth, the rest by a Lanczos filter), its aspect kept, so that it covers this size.
   * Default: it is decoded whole.
   */
  readonly scaledTo?: PixelRequest['scaledTo'];
  /** What messages call an image given as bytes. Default: `the given bytes`. */
  readonly name?: string | undefined;
  /** Decodes, within its limits; who decodes many pictures keeps one. Default: one of the default limits. */
  readonly decoder?: PictureDecoder | undefined;
}

const imageSource = valueLike<ImageSource | Buffer>(
  'an image source',
  (value) => Buffer.isBuffer(value) || (typeof value === 'object' && value !== null && 'kind' in value),
  'await imageOf(image) gives one of a path, a URL, bytes or pixels',
);

const decodeRules: OptionRules<DecodeOptions> = {
  background: optional(text('a colour such as #ffffff')),
  target: optional(objectWith('{ width, height }', [])),
  scaledTo: optional(objectWith('{ width, height }', [])),
  name: optional(text()),
  decoder: optional(objectWith('a PictureDecoder', ['decode'])),
};

/**
 * Decodes JPEG, PNG, WebP, GIF, TIFF, AVIF and SVG to 8-bit sRGB.
 *
 * EXIF orientation is applied, that of XMP alone is not (as browsers do); colour profiles and CMYK are turned into sRGB (CMYK
 * without a profile by sharp's own), of 16-bit samples in 16 bits; 16-bit samples without a profile lose their low byte; grey
 * becomes RGB; transparency is composited on `background`, in sRGB values, within 1 of 255; an animation or a file of several
 * pages gives its first. Of a TIFF with more samples a pixel than its colour has, the first are the picture and the next is
 * its transparency if the file says so; floating-point, signed, complex and 32-bit samples are refused.
 *
 * A file that ends too early or whose pixels are damaged, as far as its format shows it, is an error, never a half-grey
 * picture. Files are read whole, so an old state of a file is never served from a cache.
 *
 * @throws UnreadableImageError if the image is missing, empty, of another format, broken, or beyond the decoder's limits.
 */
export async function decodeImage(source: ImageSource | Buffer, options: DecodeOptions = {}): Promise<RgbImage> {
  checkArgument(source, imageSource, 'source');
  checkOptions(options, decodeRules);
  const { background = '#ffffff', target, scaledTo } = options;
  if (!Buffer.isBuffer(source) && source.kind === 'pixels') return rgbOfPixels(source, background);
  const name = Buffer.isBuffer(source) ? (options.name ?? 'the given bytes') : source.path;
  const bytes = Buffer.isBuffer(source) ? source : await readImageFile(source.path, source.orPipe);
  if (bytes.length === 0) throw new UnreadableImageError(name, 'it is empty (0 bytes); give the whole image');
  try {
    return await (options.decoder ?? new PictureDecoder()).decode(bytes, { background, target, scaledTo });
  } catch (error) {
    if (error instanceof PictureRefusal) throw new UnreadableImageError(name, error.message, error);
    throw error;
  }
}
