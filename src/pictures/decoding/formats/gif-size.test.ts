import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodeImage } from '../decode-image.ts';
import { coveredPart } from './gif-size.ts';

/** A blue GIF of 2 x 1 pixels, in the middle of a canvas of 4 x 1. */
async function inTheMiddle(): Promise<Buffer> {
  const pixels = { raw: { width: 2, height: 1, channels: 3 } } as const;
  const gif = await sharp(Buffer.from([0, 0, 255, 0, 0, 255]), pixels)
    .gif()
    .toBuffer();
  const descriptor = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 2, 0, 1, 0]));
  gif.writeUInt16LE(4, 6);
  gif.writeUInt16LE(1, descriptor + 1);
  return gif;
}

it('a canvas that the first frame does not cover is empty, not black', async () => {
  const gif = await inTheMiddle();
  const [white, blue] = [
    [255, 255, 255],
    [0, 0, 255],
  ];
  const data = Uint8Array.from([white, blue, blue, white].flat());
  expect(await decodeImage(gif)).toEqual({ width: 4, height: 1, data });
  // Without what says how long a frame is seen.
  const control = gif.indexOf(Buffer.from([0x21, 0xf9, 4]));
  const plain = Buffer.concat([gif.subarray(0, control), gif.subarray(control + 8)]);
  expect(await decodeImage(control < 0 ? gif : plain)).toEqual({ width: 4, height: 1, data });
});

it('a frame that is all of it covers no part', async () => {
  const gif = await inTheMiddle();
  gif.writeUInt16LE(2, 6);
  gif.writeUInt16LE(0, gif.indexOf(Buffer.from([0x2c, 1, 0, 0, 0])) + 1);
  expect(coveredPart(gif)).toBeUndefined();
  expect(coveredPart(gif.subarray(0, 9))).toBeUndefined();
});
