import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../decode-image.ts';
import { plainTiff } from './plain-tiff.ts';

const red = {
  width: 2,
  height: 2,
  colours: 3,
  alpha: false,
  data: new Uint8Array(12).fill(200),
  profile: undefined,
} as const;

/** The TIFF file, said to be packed otherwise. */
function packed(compression: number): Buffer {
  const tiff = Buffer.from(plainTiff(red));
  const directory = tiff.readUInt32LE(4);
  for (let at = directory + 2; tiff.readUInt16LE(at) <= 259; at += 12) {
    if (tiff.readUInt16LE(at) === 259) tiff.writeUInt16LE(compression, at + 8);
  }
  return tiff;
}

describe('files that are sound, of a kind that is not read', () => {
  it.each([
    [6, 'JPEG as before 1995 ("old-style")'],
    [34712, 'JPEG 2000'],
    [34887, 'LERC'],
    [50000, 'Zstandard'],
    [12345, 'the compression 12345'],
  ])('TIFF packed by %i: %s', async (compression, name) => {
    expect((await decodeImage(packed(1))).data).toEqual(red.data);
    await expect(decodeImage(packed(compression))).rejects.toThrow(
      `pixels that are packed by ${name} are not read (the file may be sound); save it uncompressed, or with LZW`,
    );
  });

  it("PNG of Apple's own form", async () => {
    const png = await sharp(red.data, { raw: { width: 2, height: 2, channels: 3 } })
      .png()
      .toBuffer();
    const chunk = Buffer.from('0000000443674249500020022bd5b37f', 'hex');
    const apples = Buffer.concat([png.subarray(0, 8), chunk, png.subarray(8)]);
    await expect(decodeImage(apples)).rejects.toThrow("it is a PNG in Apple's own form (CgBI)");
  });
});
