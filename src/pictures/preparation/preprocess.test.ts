import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../decoding/decode-image.ts';
import { preprocess } from './preprocess.ts';
import { fits, preprocessingRule, preprocessingRuleSchema } from './preprocessing-rule.ts';
import { resizeTriangle } from './resize.ts';

describe('preprocess', () => {
  it('is decoding, then resizing', async () => {
    const data = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 53) % 256);
    const bytes = await sharp(data, { raw: { width: 40, height: 30, channels: 3 } })
      .png()
      .toBuffer();
    const expected = resizeTriangle(await decodeImage(bytes), 7, 11);
    expect(await preprocess(bytes, preprocessingRule(7, 11))).toEqual(expected.data);
    expect(expected.data.length).toBe(7 * 11 * 3);
  });

  it('shows the background that the rule names', async () => {
    const clear = { create: { width: 2, height: 2, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } } as const;
    const bytes = await sharp(clear).png().toBuffer();
    expect([...(await preprocess(bytes, preprocessingRule(1, 1)))]).toEqual([255, 255, 255]);
    const rule = { ...preprocessingRule(1, 1), background: '#102030' };
    expect([...(await preprocess(bytes, rule))]).toEqual([16, 32, 48]);
  });

  it('draws a small SVG at the size of the input, so that its edges stay sharp', async () => {
    const body = '<rect width="1" height="2" fill="#000"/>';
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2">${body}</svg>`);
    const row = (await preprocess(svg, preprocessingRule(8, 8))).subarray(0, 24);
    expect([...row]).toEqual([...Array(12).fill(0), ...Array(12).fill(255)]);
  });

  it('keeps the aspect where the rule says so, on the background', async () => {
    const bytes = await sharp({ create: { width: 4, height: 2, channels: 3, background: '#102030' } })
      .png()
      .toBuffer();
    const [white, blue] = [
      [255, 255, 255],
      [16, 32, 48],
    ];
    const contained = await preprocess(bytes, preprocessingRule(2, 2, 'contain'));
    expect([...contained]).toEqual([...blue, ...blue, ...white, ...white]);
    const covering = await preprocess(bytes, preprocessingRule(2, 2, 'cover'));
    expect([...covering]).toEqual([...blue, ...blue, ...blue, ...blue]);
  });

  it('names the image in errors', async () => {
    await expect(preprocess(Buffer.from('no'), preprocessingRule(8, 8), { name: 'upload' })).rejects.toThrow(
      `'upload'`,
    );
  });
});

describe('preprocessingRuleSchema', () => {
  it('takes what preprocessingRule makes', () => {
    for (const fit of fits) {
      const rule = preprocessingRule(64, 32, fit);
      expect(preprocessingRuleSchema.parse(rule)).toEqual(rule);
    }
    const { fit: _, ...without } = preprocessingRule(64, 32);
    expect(preprocessingRuleSchema.parse(without)).toEqual(preprocessingRule(64, 32));
  });

  it.each([
    ['width', 0],
    ['height', 2.5],
    ['resize', 'cubic'],
    ['fit', 'crop'],
    ['background', 'white'],
    ['orientation', 'ignored'],
    ['extra', 1],
  ])('refuses %s = %s', (key, value) => {
    expect(preprocessingRuleSchema.safeParse({ ...preprocessingRule(64, 64), [key]: value }).success).toBe(false);
  });
});
