import type { Buffer } from 'node:buffer';
import { decodePixels } from '../decode-pixels.ts';
import { broken, noImage } from '../formats/refusal-by-header.ts';
import type { PictureLimits } from '../picture-limits.ts';
import { PictureRefusal } from '../picture-refusal.ts';
import type { PixelRequest } from '../pixel-request.ts';
import type { RgbImage } from '../rgb-image.ts';

/**
 * Decodes a picture of which no more is known than that its header is no reason to refuse it: in a process that decodes nothing
 * else meanwhile, for what the decoder says in errors and warnings is said to the whole process.
 *
 * First every warning is an error. Where there is one, the picture is decoded again, and taken if the warnings were of
 * something else than missing or damaged pixels: of unknown tags, or bytes between the parts of a file.
 *
 * @throws PictureRefusal if it is not a picture, or not decoded whole.
 */
export async function decodeAlone(bytes: Buffer, request: PixelRequest): Promise<RgbImage> {
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
    throw new PictureRefusal(reasonOf((error as Error).message, request.limits));
  }
  const missing = [strict, ...warnings].flatMap((text) => text.split('\n')).find((line) => ofPixels.test(line));
  if (missing === undefined) return image;
  throw new PictureRefusal(broken(missing));
}

/** Warnings that say that pixels are missing or made up. */
const ofPixels =
  /premature end|huffman code|arithmetic code|resync|instead of RST|read error|decoding error|not enough|got \d+ bytes/i;

function reasonOf(message: string, { pixels }: PictureLimits): string {
  const [firstLine] = message.split('\n');
  if (/pixel limit/i.test(firstLine)) {
    return `it has more than ${pixels / 1e6} million pixels; make it smaller first, or raise the limit of pixels`;
  }
  if (/unsupported image format/i.test(firstLine)) return noImage;
  return broken(firstLine.trim());
}
