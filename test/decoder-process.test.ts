import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, deflateRawSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../src/pictures/decoding/decode-image.ts';

// The built files: a process cannot load TypeScript.
const built = (file: string) => pathToFileURL(path.join(import.meta.dirname, '../dist/pictures/decoding', file)).href;
const decoders = (await import(
  built('picture-decoder.js')
)) as typeof import('../src/pictures/decoding/picture-decoder.ts');
const { PictureDecoder } = decoders;
const images = (await import(built('decode-image.js'))) as typeof import('../src/pictures/decoding/decode-image.ts');

const request = { background: '#ffffff' };
const svg = (body: string, attributes = 'width="64" height="64"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${body}</svg>`);
/** Forty blurs, one behind the other, of a picture of four million pixels. */
const filters = svg(
  `<filter id="f" x="0" y="0" width="1" height="1">${'<feMorphology operator="dilate" radius="90"/><feGaussianBlur stdDeviation="90"/>'.repeat(40)}</filter><g filter="url(#f)">${'<g filter="url(#f)">'.repeat(6)}<rect width="3000" height="3000"/>${'</g>'.repeat(7)}`,
  'width="3000" height="3000"',
);

let root = '';
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'decoder-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Processes that decode, started by this one. */
const running = () =>
  spawnSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('decoder-process'));

describe('PictureDecoder, in processes', () => {
  it.each(['svg', 'tiff', 'avif'] as const)('gives for %s what is decoded in this process', async (format) => {
    const picture = sharp({ create: { width: 9, height: 7, channels: 3, background: '#c86432' } });
    const bytes =
      format === 'svg'
        ? svg('<rect width="20" height="64" fill="#c86432"/>')
        : await picture.toFormat(format).toBuffer();
    const decoder = new PictureDecoder();
    const [one, other, here] = [
      await decoder.decode(bytes, request),
      await decoder.decode(bytes, request),
      await decodeImage(bytes),
    ];
    expect(one).toEqual(here);
    expect(other).toEqual(here);
  });

  it('decodes many at a time, refused ones among them', async () => {
    const decoder = new PictureDecoder({}, 2);
    const pictures = Array.from({ length: 12 }, (_, place) =>
      svg(`<rect width="64" height="64" fill="rgb(${place},0,0)"/>`),
    );
    const results = await Promise.allSettled(
      pictures.map((bytes, place) => decoder.decode(place % 3 === 2 ? bytes.subarray(0, 80) : bytes, request)),
    );
    for (const [place, result] of results.entries()) {
      if (place % 3 === 2)
        expect(result).toMatchObject({
          status: 'rejected',
          reason: { message: expect.stringContaining('broken or cut short') },
        });
      else expect(result.status === 'fulfilled' && result.value.data[0]).toBe(place);
    }
  });

  it('ends a picture that takes too long, goes on with the next, and leaves no process', async () => {
    const decoder = new PictureDecoder({ seconds: 2 }, 1);
    await expect(decoder.decode(filters, request)).rejects.toThrow('more than 2 s of processor time');
    expect((await decoder.decode(svg(''), request)).width).toBe(64);
    await expect.poll(() => running(), { timeout: 10_000 }).toEqual([]);
  }, 60_000);

  it('refuses before it decodes what is beyond the limits of size', async () => {
    const tall = await sharp({ create: { width: 1, height: 300, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const decoder = new PictureDecoder({ side: 200 });
    await expect(decoder.decode(tall, request)).rejects.toThrow('1 x 300 pixels, more than 200 a side');
    const few = new PictureDecoder({ pixels: 299 });
    await expect(few.decode(tall, request)).rejects.toThrow('more than 299 pixels in all');
    expect((await new PictureDecoder({ pixels: 300, side: 300 }).decode(tall, request)).height).toBe(300);
    await expect(decoder.decode(svg('', 'width="201" height="2"'), request)).rejects.toThrow('more than 200 a side');
  });

  it('says that memory is too little, and for what', async () => {
    // 16 bits a sample, interlaced, with transparency: 8 bytes a pixel are held until the last pass.
    const rowLength = 1 + 8 * 12_000;
    const header = Buffer.alloc(13);
    header.writeUInt32BE(12_000, 0);
    header.writeUInt32BE(12_000, 4);
    header.set([16, 6, 0, 0, 1], 8);
    const bytes = Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', header),
      chunk('IDAT', deflatedZeros(121, 100 * rowLength)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
    const outcome = await new PictureDecoder({ pixels: 144_000_000, seconds: 60 })
      .decode(bytes, request)
      .catch((error: Error) => error);
    expect(outcome).toBeInstanceOf(Error);
    expect((outcome as Error).message).toMatch(/more than 1\.2 GB of memory/);
  }, 120_000);

  it('keeps no program alive', async () => {
    const program = path.join(root, 'program.mjs');
    await writeFile(
      program,
      `import { decodeImage } from ${JSON.stringify(built('decode-image.js'))};
       const bytes = Buffer.from(${JSON.stringify(svg('').toString())});
       console.log((await decodeImage(bytes)).width);`,
    );
    const started = performance.now();
    expect(execFileSync(process.execPath, [program], { encoding: 'utf8' })).toBe('64\n');
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('obeys the limits through decodeImage', async () => {
    const decoder = new PictureDecoder({ side: 10 });
    await expect(images.decodeImage(svg(''), { decoder, name: 'a.svg' })).rejects.toThrow(
      "cannot read the image 'a.svg': it is 64 x 64",
    );
  });
});

describe('limits that make no sense', () => {
  it.each([{ pixels: 0 }, { pixels: 1.5 }, { side: 0 }, { seconds: 0 }, { seconds: 4000 }])(
    '%o are refused',
    (limits) => {
      expect(() => new PictureDecoder(limits)).toThrow('makes no sense');
    },
  );
});

/**
 * The zlib stream of `times * length` zeros: one compressed piece that ends on a byte, again and again, which takes no time
 * (RFC 1950 and 1951). Adler-32 of n zeros has the sums 1 and n mod 65521.
 */
function deflatedZeros(times: number, length: number): Buffer {
  const piece = deflateRawSync(Buffer.alloc(length), { finishFlush: constants.Z_FULL_FLUSH });
  const sum = Buffer.alloc(4);
  sum.writeUInt16BE((times * length) % 65_521, 0);
  sum.writeUInt16BE(1, 2);
  const lastBlock = Buffer.from([0x03, 0x00]);
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...new Array<Buffer>(times).fill(piece), lastBlock, sum]);
}

function chunk(kind: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** PNG specification, annex D. */
function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
