import type { Buffer } from 'node:buffer';
import sharp from 'sharp';
import type { RgbImage } from './rgb-image.ts';

/** A picture as a WebP file, with loss: a photograph takes about a tenth of its PNG. `quality` is from 1 to 100. */
export async function encodeWebp({ width, height, data }: RgbImage, quality = 82): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ quality })
    .toBuffer();
}
