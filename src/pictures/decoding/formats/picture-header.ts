import type { Buffer } from 'node:buffer';
import { gifSize } from './gif-size.ts';
import { jpegHeader } from './jpeg-header.ts';
import { formatOf, type ReadableFormat } from './picture-format.ts';
import { tiffDirectory } from './tiff-directory.ts';

/** What a file says of its picture before anything of it is decoded. */
export interface PictureHeader {
  readonly format: ReadableFormat;
  /** As stored: before it is turned upright. */
  readonly width: number;
  readonly height: number;
  /** How many times the decoder goes over all pixels: a progressive JPEG has a scan for each. */
  readonly passes: number;
  /** True for samples of 16 bits. Of TIFF and AVIF that is known later. */
  readonly deep: boolean;
}

/**
 * The header of a JPEG, PNG, WebP, GIF or TIFF file; undefined of other formats, and if there is none to be read: the
 * decoder will say why.
 */
export function pictureHeader(bytes: Buffer): PictureHeader | undefined {
  const format = formatOf(bytes);
  if (format?.readable !== true) return undefined;
  const size = sizeOf(format.name, bytes);
  if (size === undefined || size.width === 0 || size.height === 0) return undefined;
  return { format: format.name, passes: 1, deep: format.name === 'PNG' && bytes[24] === 16, ...size };
}

function sizeOf(
  format: ReadableFormat,
  bytes: Buffer,
): (Pick<PictureHeader, 'width' | 'height'> & Partial<Pick<PictureHeader, 'passes'>>) | undefined {
  try {
    if (format === 'JPEG') return jpegHeader(bytes);
    if (format === 'PNG' && bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
    if (format === 'PNG') return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
    if (format === 'GIF') return gifSize(bytes);
    if (format === 'WebP') return webpSize(bytes);
    if (format !== 'TIFF') return undefined;
    const directory = tiffDirectory(bytes);
    return directory && { width: directory.width, height: directory.height };
  } catch (error) {
    // Node's readers of bytes throw this beyond the end: the header is cut off.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** WebP container specification; of the canvas where there is an extended header, else of the one frame. */
function webpSize(bytes: Buffer): Pick<PictureHeader, 'width' | 'height'> | undefined {
  const chunk = bytes.subarray(12, 16).toString('latin1');
  if (chunk === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (chunk === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (chunk !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
