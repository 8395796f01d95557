import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { gifSize } from './formats/gif-size.ts';
import { PictureDecoder } from './picture-decoder.ts';
import type { RgbImage } from './rgb-image.ts';
import { UnreadableImageError } from './unreadable-image-error.ts';

/** An RGB or RGBA picture of plain bytes. */
function raw(width: number, height: number, channels: 3 | 4, data: readonly number[]) {
  return sharp(Uint8Array.from(data), { raw: { width, height, channels } });
}

function svg(attributes: string, body: string): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${body}</svg>`);
}

/** Pixels with something in them that does not compress to nothing. */
function noisy(width: number, height: number) {
  const data = Array.from({ length: width * height * 3 }, (_, i) => (i * i * 31 + i * 7) % 256);
  return raw(width, height, 3, data);
}

function pixel({ width, data }: RgbImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

describe('decodeImage', () => {
  const sixColours = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [9, 9, 9],
    [200, 100, 50],
    [1, 2, 3],
  ];

  it.each(['png', 'webp', 'tiff', 'avif', 'gif'] as const)('reads %s without loss', async (format) => {
    const lossless = {
      png: {},
      webp: { lossless: true },
      tiff: { compression: 'lzw' },
      avif: { lossless: true },
      gif: {},
    };
    const bytes = await raw(3, 2, 3, sixColours.flat()).toFormat(format, lossless[format]).toBuffer();
    expect(await decodeImage(bytes)).toEqual({ width: 3, height: 2, data: Uint8Array.from(sixColours.flat()) });
  });

  it('reads JPEG', async () => {
    const bytes = await raw(8, 8, 3, Array(64).fill([200, 100, 50]).flat())
      .jpeg({ quality: 100 })
      .toBuffer();
    const image = await decodeImage(bytes);
    for (const [i, value] of image.data.entries())
      expect(Math.abs(value - [200, 100, 50][i % 3])).toBeLessThanOrEqual(2);
  });

  // Where the pixel that is shown at (x, y) is stored, W x H being the stored size (Exif 2.3, tag Orientation).
  const stored: Record<number, (x: number, y: number, w: number, h: number) => [number, number]> = {
    1: (x, y) => [x, y],
    2: (x, y, w) => [w - 1 - x, y],
    3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
    4: (x, y, _, h) => [x, h - 1 - y],
    5: (x, y) => [y, x],
    6: (x, y, _, h) => [y, h - 1 - x],
    7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
    8: (x, y, w) => [w - 1 - y, x],
  };
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('obeys orientation %i', async (orientation) => {
    const bytes = await raw(3, 2, 3, sixColours.flat()).withMetadata({ orientation }).png().toBuffer();
    const image = await decodeImage(bytes);
    expect([image.width, image.height]).toEqual(orientation < 5 ? [3, 2] : [2, 3]);
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        const [column, row] = stored[orientation](x, y, 3, 2);
        expect(pixel(image, x, y)).toEqual(sixColours[row * 3 + column]);
      }
    }
  });

  it.each([
    [undefined, 255],
    ['#ffffff', 255],
    ['#000000', 0],
  ])('composites transparency on %s', async (background, behind) => {
    const alphas = Array.from({ length: 256 }, (_, i) => i);
    const bytes = await raw(
      256,
      1,
      4,
      alphas.flatMap((alpha) => [100, 0, 255, alpha]),
    )
      .png()
      .toBuffer();
    const image = await decodeImage(bytes, background === undefined ? {} : { background });
    for (const alpha of alphas) {
      const expected = [100, 0, 255].map((value) => (value * alpha + behind * (255 - alpha)) / 255);
      for (const [channel, value] of pixel(image, alpha, 0).entries()) {
        expect(Math.abs(value - expected[channel])).toBeLessThanOrEqual(1);
      }
    }
  });

  it('makes RGB of grey, grey with transparency, and 1-bit pictures', async () => {
    const grey = sharp(Uint8Array.of(0, 100, 255), { raw: { width: 3, height: 1, channels: 1 } });
    expect([...(await decodeImage(await grey.png().toBuffer())).data]).toEqual([0, 0, 0, 100, 100, 100, 255, 255, 255]);
    const greyAlpha = sharp(Uint8Array.of(100, 255, 100, 0), { raw: { width: 2, height: 1, channels: 2 } });
    expect([...(await decodeImage(await greyAlpha.png().toBuffer())).data]).toEqual([100, 100, 100, 255, 255, 255]);
    const oneBit = sharp(Uint8Array.of(0, 255), { raw: { width: 2, height: 1, channels: 1 } });
    const bytes = await oneBit.toColourspace('b-w').png({ palette: true, colours: 2 }).toBuffer();
    expect([...(await decodeImage(bytes)).data]).toEqual([0, 0, 0, 255, 255, 255]);
  });

  it('drops the low byte of 16-bit samples', async () => {
    const data = Uint16Array.of(0x12ff, 0x8000, 0xff00);
    const bytes = await sharp(data, { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expect([...(await decodeImage(bytes)).data]).toEqual([0x12, 0x80, 0xff]);
  });

  it('turns CMYK into sRGB: colours that inks can mix come back about as they were', async () => {
    for (const colour of [
      [255, 255, 255],
      [200, 100, 50],
      [60, 110, 160],
      [128, 128, 128],
      [40, 40, 40],
    ]) {
      const picture = raw(8, 8, 3, Array(64).fill(colour).flat());
      const bytes = await picture.toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
      expect((await sharp(bytes).metadata()).space).toBe('cmyk');
      const decoded = pixel(await decodeImage(bytes), 3, 3);
      for (const [i, value] of decoded.entries()) expect(Math.abs(value - colour[i])).toBeLessThan(40);
    }
  });

  it('turns another colour profile into sRGB', async () => {
    const plain = raw(1, 1, 3, [200, 50, 50]);
    const bytes = await plain.withIccProfile('p3').png().toBuffer();
    expect((await sharp(bytes).metadata()).icc).toBeDefined();
    const asStored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(asStored[0]).toBeLessThan(195);
    const [red, green, blue] = (await decodeImage(bytes)).data;
    expect(Math.max(Math.abs(red - 200), Math.abs(green - 50), Math.abs(blue - 50))).toBeLessThanOrEqual(2);
  });

  it('takes the first frame of an animation', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#00ff00'].map((background) =>
        sharp({ create: { width: 5, height: 4, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    for (const format of ['gif', 'webp'] as const) {
      const bytes = await sharp(frames, { join: { animated: true } })
        .toFormat(format, { lossless: true })
        .toBuffer();
      const image = await decodeImage(bytes);
      expect([image.width, image.height, ...pixel(image, 2, 2)]).toEqual([5, 4, 255, 0, 0]);
    }
  });

  it('draws SVG of one pixel a side', async () => {
    for (const size of ['width="1" height="1"', 'width="1" height="3"']) {
      const { data } = await decodeImage(svg(size, '<rect width="1" height="3" fill="#f00"/>'), {
        target: { width: 8, height: 8 },
      });
      expect([...data.slice(0, 3)]).toEqual([255, 0, 0]);
    }
  });

  it('draws SVG at its own size, or at least as large as the target', async () => {
    const halves = svg('width="16" height="8"', '<rect width="8" height="8" fill="#f00"/>');
    const own = await decodeImage(halves);
    expect([own.width, own.height]).toEqual([16, 8]);
    expect([pixel(own, 7, 3), pixel(own, 8, 3)]).toEqual([
      [255, 0, 0],
      [255, 255, 255],
    ]);
    const large = await decodeImage(halves, { target: { width: 64, height: 64 } });
    expect([large.width, large.height]).toEqual([128, 64]);
    expect([pixel(large, 63, 3), pixel(large, 64, 3)]).toEqual([
      [255, 0, 0],
      [255, 255, 255],
    ]);
    const small = await decodeImage(halves, { target: { width: 4, height: 4 } });
    expect([small.width, small.height]).toEqual([16, 8]);
    const marked = Buffer.concat([Buffer.from('\uFEFF<?xml version="1.0"?>\n'), svg('viewBox="0 0 4 4"', '')]);
    const drawn = await decodeImage(marked, { target: { width: 20, height: 10 } });
    expect([drawn.width, drawn.height]).toEqual([20, 20]);
  });

  it('copies pixels that a dataset carries, grey ones three times', async () => {
    const data = Uint8Array.of(1, 2);
    const grey = await decodeImage({ kind: 'pixels', width: 2, height: 1, channels: 1, data });
    expect(grey).toEqual({ width: 2, height: 1, data: Uint8Array.of(1, 1, 1, 2, 2, 2) });
    const rgb = { kind: 'pixels', width: 1, height: 1, channels: 3, data: Uint8Array.of(4, 5, 6) } as const;
    const copy = await decodeImage(rgb);
    copy.data.fill(0);
    expect([...rgb.data]).toEqual([4, 5, 6]);
  });

  it('reads a single pixel and 20,000 x 10', async () => {
    expect((await decodeImage(await raw(1, 1, 3, [7, 8, 9]).png().toBuffer())).data).toEqual(Uint8Array.of(7, 8, 9));
    const wide = await decodeImage(await noisy(20_000, 10).png().toBuffer());
    expect([wide.width, wide.height, wide.data.length]).toEqual([20_000, 10, 600_000]);
  });
});

describe('files that are not as they should be', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'decode-'));
    const jpeg = await noisy(64, 64).jpeg().toBuffer();
    const png = await noisy(64, 64).png().toBuffer();
    const webp = await noisy(64, 64).webp().toBuffer();
    const huge = svg('width="100000" height="100000"', '');
    const contents: Record<string, Buffer | string> = {
      'cut.jpg': jpeg.subarray(0, jpeg.length / 2),
      'cut.png': png.subarray(0, png.length / 2),
      'cut.webp': webp.subarray(0, webp.length / 2),
      'header only.jpg': jpeg.subarray(0, 30),
      'text.jpg': 'This is not a picture.',
      'page.jpg': '<html><body>404</body></html>',
      'empty.png': '',
      'huge.svg': huge,
      'uncounted.svg': svg('width="1000000000" height="8"', ''),
      'windows.bmp': `BM${'x'.repeat(100)}`,
      'phone.heic': Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(60)]),
    };
    for (const [name, content] of Object.entries(contents)) await writeFile(path.join(root, name), content);
    await mkdir(path.join(root, 'folder.jpg'));
    await symlink('round.jpg', path.join(root, 'round.jpg'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it.each([
    ['cut.jpg', 'broken or cut short', 'fetch the file again or remove it'],
    ['cut.png', 'broken or cut short', 'fetch the file again or remove it'],
    ['cut.webp', 'broken or cut short', 'fetch the file again or remove it'],
    ['header only.jpg', 'broken or cut short', 'fetch the file again or remove it'],
    ['text.jpg', 'it is not an image of a format that is read', 'fetch the file again if it should be one'],
    ['page.jpg', 'it is not an image but a web page (HTML)', 'fetch the image itself'],
    ['empty.png', 'it is empty (0 bytes)', 'fetch the file again or remove it'],
    ['huge.svg', 'more than 200 million pixels', 'make it smaller first'],
    ['uncounted.svg', 'a side of it is longer than 100 million pixels', 'give it a size that can be drawn'],
    ['windows.bmp', 'BMP is not a format that can be read', 'convert it to PNG or JPEG'],
    ['phone.heic', 'HEIC is not a format that can be read', 'convert it to PNG or JPEG'],
    ['missing.jpg', 'there is no such file', 'check the path'],
    ['folder.jpg', 'it is a folder', 'name a file'],
    ['round.jpg', 'lead round in a circle', 'remove them'],
    ['text.jpg/inside.jpg', 'ENOTDIR', 'check the path'],
  ])('%s: %s; %s', async (name, problem, nextStep) => {
    const file = path.join(root, name);
    const error: unknown = await decodeImage({ kind: 'file', path: file }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnreadableImageError);
    const { message, image, reason } = error as UnreadableImageError;
    expect(image).toBe(file);
    expect(message).toBe(`cannot read the image '${file}': ${reason}`);
    expect(reason).toContain(problem);
    expect(reason).toContain(nextStep);
    expect(message).not.toContain('\n');
  });

  it.each(['two words.png', 'a, b.png', `it's "quoted".png`, '猫.png'])('reads a file named %s', async (name) => {
    await writeFile(path.join(root, name), await raw(1, 1, 3, [1, 2, 3]).png().toBuffer());
    expect([...(await decodeImage({ kind: 'file', path: path.join(root, name) })).data]).toEqual([1, 2, 3]);
  });

  it.each([
    ['https://example.org/a.jpg', 'addresses are not fetched; download it and give the file'],
    ['s3://bucket/a.jpg', 'addresses are not fetched'],
    ['file:///pictures/a.jpg', 'give it without file:'],
    ['pictures\\a.jpg', path.sep === '/' ? 'folders are divided by / here' : 'there is no such file'],
  ])('%s: %s', async (file, reason) => {
    await expect(decodeImage({ kind: 'file', path: file })).rejects.toThrow(reason);
  });

  it('says where a name is the same but for the way its accents are written', async () => {
    await writeFile(path.join(root, 'caf\u00e9.png'), '');
    await expect(decodeImage({ kind: 'file', path: path.join(root, 'cafe\u0301.png') })).rejects.toThrow(
      // Some file systems take both for one.
      /looks the same and has its accents written otherwise|it is empty/,
    );
  });

  it('names bytes as it is told to', async () => {
    await expect(decodeImage(Buffer.from('no'), { name: 'upload 3' })).rejects.toThrow(
      `cannot read the image 'upload 3'`,
    );
    await expect(decodeImage(Buffer.from('no'))).rejects.toThrow(`'the given bytes'`);
  });

  it('reads a file anew when it has changed', async () => {
    const file = path.join(root, 'changing.png');
    for (const value of [10, 20]) {
      await writeFile(file, await raw(1, 1, 3, [value, value, value]).png().toBuffer());
      expect((await decodeImage({ kind: 'file', path: file })).data[0]).toBe(value);
    }
  });
});

describe('long thin drawings', () => {
  it.each([
    ['width="4" height="3000"', 43, 32_250],
    ['width="3000" height="4"', 32_250, 43],
    ['width="1" height="32767"', 1, 32_767],
    ['width="4" height="1900"', 64, 30_400],
  ])('%s is drawn as large as it may', async (attributes, width, height) => {
    const whole = svg(attributes, '<rect width="40000" height="40000" fill="#c86432"/>');
    const image = await decodeImage(whole, { target: { width: 64, height: 64 } });
    expect([image.width, image.height]).toEqual([width, height]);
    // To the last pixel: a side that is not drawn to its end shows the background.
    const uniform = image.data.every((value, place) => value === [200, 100, 50][place % 3]);
    expect(uniform).toBe(true);
  });

  it('refuses one that is longer than is drawn, and says how long', async () => {
    await expect(decodeImage(svg('width="2" height="32768"', ''))).rejects.toThrow(
      '2 x 32,768 pixels, more than 32,767 a side',
    );
  });
});

describe('a GIF whose frame is larger than its screen', () => {
  it('is as large as its frame reaches, and within the limits by that', async () => {
    const small = await sharp({ create: { width: 20, height: 30, channels: 3, background: '#f00' } })
      .gif()
      .toBuffer();
    small.writeUInt16LE(2, 6);
    small.writeUInt16LE(0, 8);
    expect(gifSize(small)).toEqual({ width: 20, height: 30 });
    const image = await decodeImage(small);
    expect([image.width, image.height]).toEqual([20, 30]);
    const decoder = new PictureDecoder({ side: 25 });
    await expect(decodeImage(small, { decoder })).rejects.toThrow('20 x 30 pixels, more than 25 a side');
  });
});

describe('given pixels', () => {
  const rgba = Uint8ClampedArray.of(100, 0, 255, 128, 1, 2, 3, 255, 9, 9, 9, 0);

  it.each(['#ffffff', '#102030'])('are composited on %s as a file of them is', async (background) => {
    const file = await sharp(rgba, { raw: { width: 3, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    const pixels = { kind: 'pixels', width: 3, height: 1, channels: 4, data: rgba } as const;
    expect(await decodeImage(pixels, { background })).toEqual(await decodeImage(file, { background }));
  });

  it.each([
    [{ width: 0, height: 1, channels: 3, data: Uint8Array.of() }, 'their width is 0'],
    [{ width: 1, height: 1.5, channels: 3, data: Uint8Array.of(1, 2, 3) }, 'their height is 1.5'],
    [
      { width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2) },
      '2 bytes, not the 3 of 1 x 1 pixels of 3 channels',
    ],
    [
      { width: 1, height: 1, channels: 1, data: Uint8Array.of(1, 2) },
      '2 bytes, not the 1 of 1 x 1 pixels of 1 channels',
    ],
  ] as const)('%o are refused: %s', async (given, reason) => {
    await expect(decodeImage({ kind: 'pixels', ...given })).rejects.toThrow(reason);
  });
});
