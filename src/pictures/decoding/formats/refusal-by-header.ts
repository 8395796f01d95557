import type { Buffer } from 'node:buffer';
import { maximumFileBytes } from '../picture-limits.ts';
import { jpegHeader } from './jpeg-header.ts';
import { formatOf, readableFormats } from './picture-format.ts';
import { undrawnPicture } from './svg-pictures.ts';
import { reasonOfCompression } from './tiff-compression.ts';
import { tiffDirectory } from './tiff-directory.ts';
import { reasonOfSamples } from './tiff-samples.ts';

/** Why a file need not be given to the decoder, which knows no better or does not say so; undefined if it has to try. */
export function refusalByHeader(bytes: Buffer): string | undefined {
  if (bytes.length > maximumFileBytes) {
    return `it has ${bytes.length} bytes, more than the ${maximumFileBytes} that are read as an image; make it smaller first`;
  }
  const format = formatOf(bytes);
  if (format === undefined) return noImage;
  if (!format.readable) {
    return format.picture
      ? `${format.name} is not a format that can be read; convert it to PNG or JPEG`
      : `it is not an image but ${format.name}; fetch the image itself`;
  }
  const undrawn = format.name === 'SVG' ? undrawnPicture(bytes) : undefined;
  if (undrawn !== undefined) {
    return `it carries a picture of the kind '${undrawn}', which is not drawn within a drawing; carry it as PNG or JPEG`;
  }
  if (format.name === 'PNG' && bytes.toString('latin1', 12, 16) === 'CgBI') {
    return "it is a PNG in Apple's own form (CgBI), as Xcode packs it, which is not read; undo that with pngcrush -revert-iphone-optimizations";
  }
  try {
    if (format.name === 'JPEG') return reasonOfJpeg(bytes);
    if (format.name === 'TIFF') return reasonOfTiff(bytes);
  } catch (error) {
    if (error instanceof RangeError) return broken('its header is cut off');
    throw error;
  }
  return undefined;
}

function reasonOfJpeg(bytes: Buffer): string | undefined {
  const header = jpegHeader(bytes);
  if (header === undefined) return undefined;
  const { precision, fewestBytes, scanBytes, width, height } = header;
  if (precision !== 8) return `JPEG of ${precision} bits a sample is not read (the file may be sound); save it with 8`;
  if (scanBytes >= fewestBytes) return undefined;
  return broken(`${scanBytes} bytes cannot hold ${width} x ${height} pixels`);
}

function reasonOfTiff(bytes: Buffer): string | undefined {
  const directory = tiffDirectory(bytes);
  if (directory === undefined) return undefined;
  const kind = reasonOfSamples(directory) ?? reasonOfCompression(directory);
  if (kind !== undefined || directory.end <= bytes.length) return kind;
  return broken(`its pixels end at byte ${directory.end}, the file at ${bytes.length}`);
}

/** The reason for a file that is one of a format that is read, but not whole. */
export function broken(why: string): string {
  return `it is broken or cut short (${why}); fetch the file again or remove it`;
}

/** The reason for a file of no format that is read. */
export const noImage = `it is not an image of a format that is read (${readableFormats.join(', ')}), or broken from its first bytes on; fetch the file again if it should be one`;
