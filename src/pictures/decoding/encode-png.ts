import type { Buffer } from 'node:buffer';
import sharp from 'sharp';
import { checkRgbImage } from './check-rgb-image.ts';
import type { RgbImage } from './rgb-image.ts';

/** A picture as a PNG file without loss: decoding it gives the same bytes. */
export async function encodePng(image: RgbImage): Promise<Buffer> {
  checkRgbImage(image, 'image');
  const { width, height, data } = image;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
