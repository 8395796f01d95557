import { types } from 'node:util';
import type { ImageSource } from '../datasets/dataset.ts';
import { rgbOfColour } from './decode-pixels.ts';
import type { RgbImage } from './rgb-image.ts';
import { UnreadableImageError } from './unreadable-image-error.ts';

/**
 * Decoded pixels as RGB: grey three times, transparency composited on `background` (`#rrggbb`), in sRGB values, rounded down
 * as of files. They are copied.
 *
 * @throws UnreadableImageError if width or height is not a whole number of at least 1, channels are not 1, 3 or 4, or the
 *   data is not `height * width * channels` bytes.
 */
export function rgbOfPixels(source: Extract<ImageSource, { kind: 'pixels' }>, background: string): RgbImage {
  const { width, height, channels, data } = source;
  checkPixels(source);
  if (channels === 3) return { width, height, data: Uint8Array.from(data) };
  const rgb = new Uint8Array(width * height * 3);
  const behind = rgbOfColour(background);
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (channels === 1) {
      rgb.fill(data[pixel], pixel * 3, pixel * 3 + 3);
      continue;
    }
    const alpha = data[pixel * 4 + 3];
    for (let channel = 0; channel < 3; channel++) {
      rgb[pixel * 3 + channel] = (data[pixel * 4 + channel] * alpha + behind[channel] * (255 - alpha)) / 255;
    }
  }
  return { width, height, data: rgb };
}

function checkPixels({ width, height, channels, data }: Extract<ImageSource, { kind: 'pixels' }>): void {
  const refuse = (why: string): never => {
    throw new UnreadableImageError('the given pixels', why);
  };
  for (const [name, side] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isInteger(side) || side < 1) refuse(`their ${name} is ${side}; give a whole number of at least 1`);
  }
  if (![1, 3, 4].includes(channels)) refuse(`they have ${channels} channels; give 1 (grey), 3 (RGB) or 4 (RGBA)`);
  if (!types.isUint8Array(data) && !types.isUint8ClampedArray(data)) {
    refuse('their data is no Uint8Array or Uint8ClampedArray; give a byte for each channel of each pixel');
  }
  const bytes = width * height * channels;
  if (data.length === bytes) return;
  refuse(
    `their data has ${data.length} bytes, not the ${bytes} of ${width} x ${height} pixels of ${channels} channels`,
  );
}
