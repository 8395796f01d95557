import type { Buffer } from 'node:buffer';
import { decodePixels, type PixelRequest } from './decode-pixels.ts';
import { jpegHeader } from './jpeg-header.ts';
import { formatOf, readableFormats } from './picture-format.ts';
import { PictureRefusal } from './picture-refusal.ts';
import type { RgbImage } from './rgb-image.ts';
import { tiffDirectory } from './tiff-directory.ts';
import { reasonOfSamples } from './tiff-samples.ts';

/**
 * Decodes a picture of which nothing is known: in a process that decodes nothing else meanwhile, for what the decoder says in
 * errors and warnings is said to the whole process.
 *
 * First every warning is an error. Where there is one, the picture is decoded again, and taken if the warnings were of
 * something else than missing or damaged pixels: of unknown tags, or bytes between the parts of a file.
 *
 * @throws PictureRefusal if it is not a picture, or not decoded whole.
 */
export async function decodeAlone(bytes: Buffer, request: PixelRequest): Promise<RgbImage> {
  const refusal = reasonBefore(bytes);
  if (refusal !== undefined) throw new PictureRefusal(refusal);
  let strict: string;
  try {
    return await decodePixels(bytes, request, { failOn: 'warning' });
  } catch (error) {
    if (error instanceof PictureRefusal) throw error;
    strict = (error as Error).message;
  }
  const warnings: string[] = [];
  let image: RgbImage;
  try {
    image = await decodePixels(bytes, request, { failOn: 'error', onWarning: (text) => warnings.push(text) });
  } catch (error) {
    if (error instanceof PictureRefusal) throw error;
    throw new PictureRefusal(reasonOf((error as Error).message));
  }
  const missing = [strict, ...warnings].flatMap((text) => text.split('\n')).find((line) => ofPixels.test(line));
  if (missing === undefined) return image;
  throw new PictureRefusal(broken(missing));
}

/** Warnings that say that pixels are missing or made up. */
const ofPixels =
  /premature end|huffman code|arithmetic code|resync|instead of RST|read error|decoding error|not enough|got \d+ bytes/i;

/** Why a file need not be given to the decoder: it knows no better, or does not say so. */
function reasonBefore(bytes: Buffer): string | undefined {
  const format = formatOf(bytes);
  if (format === undefined) return noImage;
  if (!format.readable) {
    return format.picture
      ? `${format.name} is not a format that can be read; convert it to PNG or JPEG`
      : `it is not an image but ${format.name}; fetch the image itself`;
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
  const samples = reasonOfSamples(directory);
  if (samples !== undefined || directory.end <= bytes.length) return samples;
  return broken(`its pixels end at byte ${directory.end}, the file at ${bytes.length}`);
}

function reasonOf(message: string): string {
  const [firstLine] = message.split('\n');
  if (/unsupported image format/i.test(firstLine)) return noImage;
  return broken(firstLine.trim());
}

function broken(why: string): string {
  return `it is broken or cut short (${why}); fetch the file again or remove it`;
}

const noImage = `it is not an image of a format that is read (${readableFormats.join(', ')}), or broken from its first bytes on; fetch the file again if it should be one`;
