import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodeImage } from '../decode-image.ts';
import { withEarlyExif } from './png-orientation.ts';

/** Orientation 6: it lies on its left side. */
const exif = Buffer.from('4d4d002a000000080001011200030000000100060000' + '00000000', 'hex');

function chunk(kind: string, data: Buffer): Buffer {
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(data, crc32(kind)));
  return Buffer.concat([length, Buffer.from(kind), data, sum]);
}

it('finds the orientation of a PNG before its pixels and behind them', async () => {
  const png = await sharp(Buffer.from([255, 0, 0, 0, 0, 255]), { raw: { width: 2, height: 1, channels: 3 } })
    .png()
    .toBuffer();
  const turned = { width: 1, height: 2, data: Uint8Array.of(255, 0, 0, 0, 0, 255) };
  for (const place of [33, png.length - 12]) {
    const file = Buffer.concat([png.subarray(0, place), chunk('eXIf', exif), png.subarray(place)]);
    expect(await decodeImage(file)).toEqual(turned);
  }
  expect(withEarlyExif(png)).toBe(png);
  expect(withEarlyExif(png.subarray(0, 40))).toHaveLength(40);
});
