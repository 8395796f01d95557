import { expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { encodePng } from './encode-png.ts';

it('loses nothing', async () => {
  const [width, height] = [7, 5];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 89) % 256);
  const png = await encodePng({ width, height, data });
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  const decoded = await decodeImage(png);
  expect({ ...decoded, data: [...decoded.data] }).toEqual({ width, height, data: [...data] });
});

it('refuses bytes that are not the picture', async () => {
  await expect(encodePng({ width: 2, height: 2, data: new Uint8Array(11) })).rejects.toThrow();
});
