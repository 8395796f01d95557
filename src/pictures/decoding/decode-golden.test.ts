import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeImage } from './decode-image.ts';

// Pictures and what other programs decode them to: made by test/golden/pictures.py.

const decoded = z.object({
  name: z.string(),
  bytes: z.base64(),
  width: z.int(),
  height: z.int(),
  /** Most that a byte may differ. */
  tolerance: z.int(),
  rgb: z.base64(),
});
const refused = z.object({ name: z.string(), bytes: z.base64(), refused: z.string() });
const cut = z.object({ name: z.string(), of: z.string(), length: z.int(), refused: z.string() });
const rows = z
  .array(z.union([decoded, refused, cut]))
  .parse(JSON.parse(readFileSync(new URL('../../../test/golden/pictures.json', import.meta.url), 'utf8')));
const bytesOf = new Map(rows.flatMap((row) => ('bytes' in row ? [[row.name, Buffer.from(row.bytes, 'base64')]] : [])));

describe('pictures of every format, depth, profile, transparency and orientation', () => {
  it.each(rows.filter((row) => 'rgb' in row))('$name', async ({ name, width, height, tolerance, rgb }) => {
    const image = await decodeImage(bytesOf.get(name)!);
    expect([image.width, image.height]).toEqual([width, height]);
    const expected = Buffer.from(rgb, 'base64');
    expect(image.data.length).toBe(expected.length);
    const differences = expected.map((value, place) => Math.abs(value - image.data[place]));
    expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
  });
});

describe('pictures that are refused', () => {
  it.each(rows.filter((row) => 'refused' in row))('$name', async (row) => {
    const bytes = 'of' in row ? bytesOf.get(row.of)!.subarray(0, row.length) : bytesOf.get(row.name)!;
    await expect(decodeImage(bytes)).rejects.toThrow(row.refused);
  });
});
