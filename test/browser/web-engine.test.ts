import type { Browser, Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleInPage } from './bundle-in-page.ts';
import { launchChromium } from './launch-chromium.ts';
import { onnxruntimeWeb } from './onnxruntime-web-files.ts';
import { type StaticSite, serveStatic } from './static-site.ts';

/** What the page's script offers; see `in-page/engine-checks.ts`. */
declare const checks: {
  names(): string[];
  begin(): Promise<void>;
  runOne(place: number): Promise<string | null>;
  end(): Promise<void>;
};

// The page is open before tests are defined: it knows which there are.
const site: StaticSite = await serveStatic({
  files: {
    '/index.html':
      '<!doctype html><title>engine</title><link rel="icon" href="data:,"><script type="module" src="/checks.js"></script>',
    '/checks.js': await bundleInPage('engine-checks.ts'),
  },
  folders: { '/onnxruntime/': onnxruntimeWeb },
});
const browser: Browser = await launchChromium();
const page: Page = await browser.newPage();
const complaints: string[] = [];
page.on('console', (message) => complaints.push(message.text()));
page.on('pageerror', (error) => complaints.push(error.message));
await page.goto(site.url);
await page.waitForFunction('globalThis.checks !== undefined');
const names = await page.evaluate(() => checks.names());
await page.evaluate(() => checks.begin());

afterAll(async () => {
  await browser.close();
  await site.close();
});

describe('onnxruntime-web in a page', () => {
  it('has tests of the contract and of operators', () => expect(names.length).toBeGreaterThan(60));

  it.each(names.map((name, place) => ({ name, place })))('$name', async ({ place }) => {
    expect(await page.evaluate((one) => checks.runOne(one), place)).toBeNull();
  });

  it('is closed without a complaint, and asked for nothing but its own files', async () => {
    await page.evaluate(() => checks.end());
    expect(complaints).toEqual([]);
    const own = /^\/(index\.html|checks\.js|onnxruntime\/(ort\.wasm\.min|ort-wasm-simd-threaded)\.(mjs|wasm))$/;
    expect(site.asked.filter((address) => !own.test(address))).toEqual([]);
  });
});
