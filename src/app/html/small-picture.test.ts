import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { decodeImage } from '../../pictures/decoding/decode-image.ts';
import { picturePng } from './picture-png.ts';
import { smallPicture } from './small-picture.ts';

const side = 128;

it('keeps a drawing as it is', async () => {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, at) => (at % 3 === 0 ? 200 : 30));
  expect(await smallPicture('flat', { width: side, height: side, data })).toEqual(
    await picturePng('flat', { width: side, height: side, data }),
  );
});

it('makes a noisy picture small, and hardly different', async () => {
  const random = RandomSource.fromSeed(1, 'noise');
  const grey = Float64Array.from({ length: side * side }, () => 0);
  // A soft picture with grain: what a photograph is like.
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++)
      grey[y * side + x] = 128 + 60 * Math.sin(x / 20) * Math.cos(y / 15) + 6 * random.normal();
  }
  const data = Uint8Array.from({ length: side * side * 3 }, (_, at) => grey[Math.floor(at / 3)]);
  const { uri } = await smallPicture('photo', { width: side, height: side, data });
  const png = await picturePng('photo', { width: side, height: side, data });
  expect(uri.startsWith('data:image/webp;base64,')).toBe(true);
  expect(uri.length).toBeLessThan(png.uri.length / 2);
  const shown = await decodeImage(Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64'));
  const difference = shown.data.reduce((sum, value, at) => sum + Math.abs(value - data[at]), 0) / data.length;
  expect(difference).toBeLessThan(8);
});
