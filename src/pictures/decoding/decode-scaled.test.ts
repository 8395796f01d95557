import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { preprocess } from '../preparation/preprocess.ts';
import { preprocessingRule } from '../preparation/preprocessing-rule.ts';
import { resizeTriangle } from '../preparation/resize.ts';
import { decodeImage } from './decode-image.ts';
import type { RgbImage } from './rgb-image.ts';

/** Waves of several lengths in three colours, with a little noise: a photograph as far as a decoder sees. @param length stretches them. */
function waves(width: number, height: number, length = 1) {
  const random = RandomSource.fromSeed(3);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const value =
          128 + 50 * Math.sin(x / length / (9 + 8 * c)) + 50 * Math.cos((y + x / 3) / length / (13 - 3 * c));
        data[3 * (y * width + x) + c] = value + random.between(-6, 6);
      }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const jpeg = (width: number, height: number) => waves(width, height, 4).jpeg({ quality: 92 }).toBuffer();
const same = (a: RgbImage, b: RgbImage) =>
  a.width === b.width && a.height === b.height && Buffer.compare(a.data, b.data) === 0;
const meanDifference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, value, place) => sum + Math.abs(value - b[place]), 0) / a.length;

describe('a JPEG that is scaled while it is decoded', () => {
  it.each([
    [1024, 768, { width: 128, height: 128 }, [171, 128]],
    [768, 1024, { width: 128, height: 128 }, [128, 171]],
    [641, 487, { width: 128, height: 96 }, [128, 97]],
  ])(
    'covers the size, in proportion, and looks as it does decoded whole: %i x %i',
    async (width, height, scaledTo, size) => {
      const bytes = await jpeg(width, height);
      const scaled = await decodeImage(bytes, { scaledTo });
      expect([scaled.width, scaled.height]).toEqual(size);
      const expected = resizeTriangle(await decodeImage(bytes), scaled.width, scaled.height);
      expect(meanDifference(scaled.data, expected.data)).toBeLessThan(3);
      expect(meanDifference(scaled.data, expected.data)).toBeGreaterThan(0);
    },
  );

  it('is turned upright', async () => {
    const bytes = await waves(900, 600).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const scaled = await decodeImage(bytes, { scaledTo: { width: 100, height: 100 } });
    expect([scaled.width, scaled.height]).toEqual([100, 150]);
    const expected = resizeTriangle(await decodeImage(bytes), 100, 150);
    expect(meanDifference(scaled.data, expected.data)).toBeLessThan(3);
  });

  it('is decoded whole where it is less than three times as large, as other formats are', async () => {
    const scaledTo = { width: 100, height: 100 };
    const small = await jpeg(400, 299);
    expect(same(await decodeImage(small, { scaledTo }), await decodeImage(small))).toBe(true);
    const png = await waves(900, 600).png().toBuffer();
    expect(same(await decodeImage(png, { scaledTo }), await decodeImage(png))).toBe(true);
  });

  it('is refused where it ends too early', async () => {
    const bytes = await jpeg(900, 600);
    const cut = bytes.subarray(0, bytes.length / 2);
    await expect(decodeImage(cut, { scaledTo: { width: 100, height: 100 } })).rejects.toThrow(/ends too early|broken/);
  });
});

describe('a rule that lets the decoder scale', () => {
  it('gives nearly what the exact one gives, and is kept only where it is chosen', async () => {
    const bytes = await waves(1024, 768, 4).jpeg().toBuffer();
    const exact = preprocessingRule(32, 32);
    const scaled = preprocessingRule(32, 32, 'stretch', 'scaled');
    expect(JSON.stringify(exact)).not.toContain('decode');
    expect(JSON.stringify(scaled)).toMatch(/,"decode":"scaled"}$/);
    const difference = meanDifference(await preprocess(bytes, scaled), await preprocess(bytes, exact));
    expect(difference).toBeLessThan(3);
    expect(difference).toBeGreaterThan(0);
  });
});
