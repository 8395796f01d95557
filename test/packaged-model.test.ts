import { readFile, stat } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Embedder, loadModel } from '../src/catalogue/embedding/embedder.ts';
import { shareAlike } from '../src/evaluation/calibration/share-alike.ts';
import { packagedModel } from '../src/foundation/packaged-model.ts';
import { RandomSource } from '../src/foundation/random/random-source.ts';
import { decodeModel } from '../src/graph/onnx/decode-model.ts';
import { euclidean } from '../src/ranking/distances/euclidean.ts';

let model: Embedder;
let originals: Buffer[];
let rows: Float32Array[];
beforeAll(async () => {
  model = await loadModel(packagedModel, { threads: 2 });
  originals = await Promise.all(Array.from({ length: 12 }, (_, number) => drawn(number)));
  rows = await Promise.all(originals.map((picture) => model.embedImage(picture)));
});
afterAll(() => model.close());

describe('the packaged model', () => {
  it('has at most 8 MB, in standard operators alone', async () => {
    expect((await stat(packagedModel)).size).toBeLessThan(8e6);
    const { opsetImport } = decodeModel(await readFile(packagedModel));
    expect(opsetImport.map(({ domain }) => domain)).toEqual(['']);
  });

  it('credits whom it is from', () => {
    expect(model.model.metadata.attribution).toMatch(/EfficientNet-Lite0 .*Apache-2\.0.*@iconify-json\/lucide/s);
    expect(model.model.metadata.attribution).not.toMatch(/openmoji|GPL|-SA-|-NC-/i);
  });

  it('says what its distances mean: copies are probably alike, and more so than other drawings of the same kind', async () => {
    const calibration = model.model.metadata.calibration!;
    expect(calibration).toMatchObject({ distance: 'euclidean', method: 'isotonic', classes: 1000 });
    const share = (one: Float32Array, other: Float32Array) =>
      shareAlike(calibration, euclidean.between(one, other)).balanced;
    for (const [own, picture] of originals.entries()) {
      const copy = await model.embedImage(await sharp(picture).jpeg({ quality: 50 }).toBuffer());
      expect(share(copy, rows[own])).toBeGreaterThan(0.8);
      const others = rows.filter((_, place) => place !== own).map((row) => share(copy, row));
      expect(Math.max(...others)).toBeLessThan(share(copy, rows[own]));
    }
  });

  it.each([
    ['compressed', (picture: Sharp) => picture.jpeg({ quality: 30 })],
    ['of half the size', (picture: Sharp) => picture.resize(80)],
    ['mirrored', (picture: Sharp) => picture.flop()],
    ['darker', (picture: Sharp) => picture.linear(0.7, 0)],
    ['cut', (picture: Sharp) => picture.extract({ left: 8, top: 8, width: 144, height: 144 })],
    ['turned', (picture: Sharp) => picture.rotate(5, { background: '#808080' })],
  ])('finds the original of a picture that was %s', async (_, change) => {
    for (const [own, picture] of originals.entries()) {
      const copy = await change(sharp(picture)).toBuffer();
      const row = await model.embedImage(copy);
      const distances = rows.map((other) => euclidean.between(row, other));
      expect(distances.indexOf(Math.min(...distances))).toBe(own);
    }
  });
});

/** Overlapping discs and bars in colours of their own, 160 x 160. */
function drawn(seed: number): Promise<Buffer> {
  const random = RandomSource.fromSeed(seed, 'packaged model');
  const shapes = Array.from({ length: 12 }, () => {
    const [x, y, size] = [random.integer(160), random.integer(160), 10 + random.integer(40)];
    const fill = `fill="hsl(${random.integer(360)}, 70%, ${20 + random.integer(60)}%)"`;
    return random.uniform() < 0.5
      ? `<circle cx="${x}" cy="${y}" r="${size}" ${fill}/>`
      : `<rect x="${x}" y="${y}" width="${size}" height="${2 * size}" ${fill}/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160"><rect width="160" height="160" fill="#ddd"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
}
