import { expect, it } from 'vitest';
import { halved } from './unlearnt-features.ts';

it('halved has the means of 2 x 2 pixels, channel by channel, without a last odd row or column', () => {
  const value = (x: number, y: number, channel: number) => (17 * x + 41 * y + 89 * channel) % 256;
  const [width, height] = [5, 4];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) data[3 * (y * width + x) + c] = value(x, y, c);
  }
  const small = halved({ width, height, data });
  expect([small.width, small.height, small.data.length]).toEqual([2, 2, 12]);
  for (const [x, y, c] of [
    [0, 0, 0],
    [1, 0, 2],
    [0, 1, 1],
    [1, 1, 0],
  ]) {
    const four = [0, 1].flatMap((dx) => [0, 1].map((dy) => value(2 * x + dx, 2 * y + dy, c)));
    expect(small.data[3 * (2 * y + x) + c]).toBe(Math.round(four.reduce((a, b) => a + b) / 4));
  }
  const dot = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
  expect(halved(dot)).toBe(dot);
});
