import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Embedder, loadModel } from '../../src/catalogue/embedding/embedder.ts';
import { packagedModel } from '../../src/foundation/packaged-model.ts';
import { decodeImage } from '../../src/pictures/decoding/decode-image.ts';
import { cosine } from '../../src/ranking/distances/cosine.ts';
import { type AgreementPage, openAgreementPage } from './agreement-page.ts';

/** What looks like a photograph to a decoder: soft light, edges, and grain. */
function scene(width: number, height: number): Sharp {
  const noise = { type: 'gaussian', mean: 128, sigma: 24 } as const;
  const grain = { width, height, channels: 3, background: '#808080', noise } as const;
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 90 60" preserveAspectRatio="none">
    <defs><linearGradient id="sky" x2="0.3" y2="1"><stop stop-color="#6fa8dc"/><stop offset="1" stop-color="#f6d7a7"/></linearGradient></defs>
    <rect width="90" height="60" fill="url(#sky)" opacity="0.82"/>
    <path d="M0 60 L0 38 L22 20 L41 41 L58 27 L90 46 L90 60 Z" fill="#37503a" opacity="0.85"/>
    <circle cx="66" cy="14" r="7" fill="#fff4c2"/><rect x="12" y="40" width="14" height="16" fill="#a33a2c" opacity="0.9"/>
  </svg>`;
  return sharp({ create: grain }).composite([{ input: Buffer.from(drawn) }]);
}

/** Pictures as people have them, by what is special about them. */
async function pictures(): Promise<Map<string, Buffer>> {
  const made = new Map<string, Buffer>();
  const flat = async (width: number, height: number) => sharp(await scene(width, height).png().toBuffer());
  made.set('a photograph', await (await flat(1200, 800)).jpeg({ quality: 88 }).toBuffer());
  made.set('one of odd sides', await (await flat(641, 427)).jpeg({ quality: 75 }).toBuffer());
  made.set('a progressive one', await (await flat(803, 1201)).jpeg({ quality: 92, progressive: true }).toBuffer());
  made.set('one without less colour', await (await flat(333, 517)).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer());
  made.set('a grey one', await (await flat(500, 333)).greyscale().jpeg().toBuffer());
  for (let orientation = 1; orientation <= 8; orientation++) {
    const turned = (await flat(480, 320)).withMetadata({ orientation }).jpeg({ quality: 90 });
    made.set(`orientation ${orientation}`, await turned.toBuffer());
  }
  const alpha = Buffer.from('<svg><circle cx="150" cy="100" r="95" fill="#fff" opacity="0.6"/></svg>');
  const cut = (await flat(300, 200)).ensureAlpha().composite([{ input: alpha, blend: 'dest-in' }]);
  made.set('transparency, PNG', await cut.png().toBuffer());
  made.set('transparency, WebP', await cut.webp({ lossless: true }).toBuffer());
  made.set('a palette', await (await flat(200, 150)).png({ palette: true, colours: 64 }).toBuffer());
  made.set('WebP', await (await flat(400, 301)).webp({ quality: 80 }).toBuffer());
  for (const [width, height] of [
    [1, 1],
    [2, 300],
    [701, 3],
    [223, 225],
  ]) {
    made.set(`${width} x ${height}`, await (await flat(width, height)).png().toBuffer());
  }
  return made;
}

const decoded = z.object({ name: z.string(), bytes: z.base64(), rgb: z.base64() });
/** Pictures of every format, depth, profile, transparency and orientation; see `test/golden/pictures.py`. */
const golden = z
  .array(z.looseObject({}))
  .parse(JSON.parse(await readFile(new URL('../golden/pictures.json', import.meta.url), 'utf8')))
  .flatMap((row) => decoded.safeParse(row).data ?? []);

let opened: AgreementPage;
let given: Map<string, Buffer>;
let node: Embedder;
beforeAll(async () => {
  given = await pictures();
  const addresses = [...given.values()].map((bytes, place) => [`/given/${place}`, bytes] as const);
  const others = golden.map(({ bytes }, place) => [`/golden/${place}`, Buffer.from(bytes, 'base64')] as const);
  const model = await readFile(packagedModel);
  opened = await openAgreementPage({ '/model.onnx': model, ...Object.fromEntries([...addresses, ...others]) });
  node = await loadModel();
});
afterAll(async () => {
  await opened?.close();
  await node?.close();
});

describe('embeddings in a page', () => {
  it("have a cosine of at least 0.9999 with Node's: photographs, orientations, transparency, odd sizes", async () => {
    const addresses = [...given.keys()].map((_, place) => `/given/${place}`);
    const { vectors } = await opened.page.evaluate<{ vectors: string }>(
      `agreement.embed('/model.onnx', ${JSON.stringify(addresses)})`,
    );
    const bytes = Buffer.from(vectors, 'base64');
    const rows = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const expected = await node.embedImages([...given.values()]);
    const least = [...given.keys()].map((name, place) => {
      const own = rows.subarray(place * node.dimension, (place + 1) * node.dimension);
      return { name, cosine: 1 - cosine.between(own, expected[place]) };
    });
    expect(least.filter(({ cosine: found }) => !(found >= 0.9999))).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});

/** How far a byte may differ: decoders turn profiles into sRGB by arithmetic of their own. */
const most = 5;

describe('decoding in a page', () => {
  it("gives Node's pixels, but for TIFF, which browsers do not read, and AVIF, whose colours they compute otherwise", async () => {
    const differing: Record<string, number | string> = {};
    for (const [place, { name, bytes }] of golden.entries()) {
      const found = await opened.page.evaluate<{ width: number; height: number; data: string } | { refused: string }>(
        `agreement.decode('/golden/${place}', '#ffffff')`,
      );
      const expected = await decodeImage(Buffer.from(bytes, 'base64'));
      if ('refused' in found) {
        differing[name] = 'refused';
        continue;
      }
      expect([name, found.width, found.height]).toEqual([name, expected.width, expected.height]);
      const data = Buffer.from(found.data, 'base64');
      const worst = expected.data.reduce((least, value, at) => Math.max(least, Math.abs(value - data[at])), 0);
      if (worst > most) differing[name] = worst;
    }
    const { AVIF: still, 'animated AVIF': animated, ...others } = differing;
    expect(Math.max(Number(still), Number(animated))).toBeLessThanOrEqual(24);
    expect(Object.entries(others).filter(([name, how]) => how !== 'refused' || !/^(Big)?TIFF /.test(name))).toEqual([]);
    expect(Object.keys(others)).toEqual(golden.map(({ name }) => name).filter((name) => /^(Big)?TIFF /.test(name)));
  });
});
