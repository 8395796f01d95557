import type { Buffer } from 'node:buffer';
import { availableParallelism } from 'node:os';
import { decodePixels } from './decode-pixels.ts';
import { type PictureHeader, pictureHeader } from './formats/picture-header.ts';
import { refusalByHeader } from './formats/refusal-by-header.ts';
import { type PartialPictureLimits, type PictureLimits, pictureLimits, reasonOfSize } from './picture-limits.ts';
import { PictureRefusal } from './picture-refusal.ts';
import type { PixelRequest } from './pixel-request.ts';
import { IsolatedDecoder } from './process/isolated-decoder.ts';
import type { RgbImage } from './rgb-image.ts';

/** Pixels, times how often they are gone over, up to which a picture is decoded here: some tenths of a second. */
const mostWork = 2 ** 25;

/**
 * Decodes pictures within limits: here and at once what is sure to be quick and turns out to be whole, in a process of its own,
 * which can be ended, all else: SVG, which is a program more than a picture; formats and sizes that may take long; and what
 * could not be decoded here, to learn why.
 */
export class PictureDecoder {
  readonly limits: PictureLimits;
  readonly #isolated: IsolatedDecoder;

  /**
   * @param limits each with its default.
   * @param processes how many pictures may be decoded in processes at a time. Default: as many as the machine has threads.
   * @throws as `pictureLimits` does.
   */
  constructor(limits: PartialPictureLimits = {}, processes = availableParallelism()) {
    this.limits = pictureLimits(limits);
    this.#isolated = new IsolatedDecoder(processes);
  }

  /** @throws PictureRefusal if it is not a picture, is not whole, or is beyond the limits. */
  async decode(bytes: Buffer, wanted: Omit<PixelRequest, 'limits'>): Promise<RgbImage> {
    const request = { ...wanted, limits: this.limits };
    const header = pictureHeader(bytes);
    const tooLarge = header && reasonOfSize(header.width, header.height, this.limits);
    if (tooLarge !== undefined) throw new PictureRefusal(tooLarge);
    if (header !== undefined && isQuick(header)) {
      try {
        // Should the decoder find another size than the header has, it refuses it here.
        const limits = { ...this.limits, pixels: Math.min(mostWork, this.limits.pixels) };
        return await decodePixels(bytes, { ...wanted, limits }, { failOn: 'warning' });
      } catch {
        // Its message may be another picture's: the decoder has one place for the messages of a process.
      }
    }
    const refusal = refusalByHeader(bytes);
    if (refusal !== undefined) throw new PictureRefusal(refusal);
    return this.#isolated.decode(bytes, request);
  }
}

function isQuick({ format, width, height, passes, deep }: PictureHeader): boolean {
  if (deep || format === 'TIFF') return false;
  return width * height * passes <= mostWork;
}
