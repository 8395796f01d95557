import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scalarResize } from '../fixtures/scalar-resize.ts';
import { launchChromium } from './launch-chromium.ts';

// The built files, as a page would load them.
const built = path.join(import.meta.dirname, '../../dist');
const site = 'http://lookalike.test';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('resizeTriangle in a page', () => {
  it('gives the bytes of plain loops, and asks for nothing but its own modules', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    await page.route(`${site}/**`, (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name === '') return route.fulfill({ contentType: 'text/html', body: '<title>pixels</title>' });
      asked.push(name);
      return route.fulfill({ contentType: 'text/javascript', path: path.join(built, name) });
    });
    await page.goto(`${site}/`);
    const [width, height] = [301, 203];
    const data = Uint8Array.from({ length: 3 * width * height }, (_, place) => (place * place * 31) % 251);
    const resized = await page.evaluate(`
      import('/pictures/preparation/resize.js').then(({ resizeTriangle }) => {
        const data = Uint8Array.from({ length: ${data.length} }, (_, place) => (place * place * 31) % 251);
        return [...resizeTriangle({ width: ${width}, height: ${height}, data }, 64, 48).data];
      })
    `);
    expect(resized).toEqual([...scalarResize({ width, height, data }, 64, 48).data]);
    const rooms = ['foundation/arguments', 'foundation/errors', 'pictures/decoding', 'pictures/preparation'];
    expect([...new Set(asked.map((name) => path.posix.dirname(name)))].sort()).toEqual(rooms);
    const own = asked.filter((name) => name.startsWith('pictures/')).map((name) => path.posix.basename(name));
    const kernels = ['pixel-kernels-wasm.js', 'pixel-kernels.js', 'resize.js', 'triangle-shares.js'];
    expect(own.sort()).toEqual(['check-rgb-image.js', ...kernels]);
    await page.close();
  });
});
