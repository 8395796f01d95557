import type { Page } from 'playwright-core';
import type { WebProvider } from '../../src/engines/web/web-engine.ts';
import { bundleInPage } from './bundle-in-page.ts';
import { complaintsOf } from './complaints-of.ts';
import { type Graphics, launchChromium } from './launch-chromium.ts';
import { onnxruntimeWeb } from './onnxruntime-web-files.ts';
import { serveStatic } from './static-site.ts';

/** A page with the script `in-page/engine-checks.ts`, which has begun. */
export interface ChecksPage {
  readonly page: Page;
  /** The names of its tests. */
  readonly names: readonly string[];
  /** What the page complained of, and what it asked for. */
  readonly complaints: readonly string[];
  readonly asked: readonly string[];
  /** Runs a test. @returns why it failed; null if it did not. */
  run(place: number): Promise<string | null>;
  close(): Promise<void>;
}

/** Opens the page for a provider. */
export async function openChecksPage(provider: WebProvider, graphics: Graphics): Promise<ChecksPage> {
  const site = await serveStatic({
    files: {
      '/index.html':
        '<!doctype html><title>engine</title><link rel="icon" href="data:,"><script type="module" src="/checks.js"></script>',
      '/checks.js': await bundleInPage('engine-checks.ts'),
    },
    folders: { '/onnxruntime/': onnxruntimeWeb },
  });
  const browser = await launchChromium(graphics);
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${site.url}/?provider=${provider}`);
  await page.waitForFunction('globalThis.checks !== undefined');
  const names = await page.evaluate<string[]>('checks.names()');
  await page.evaluate('checks.begin()');
  return {
    page,
    names,
    complaints,
    asked: site.asked,
    run: (place) => page.evaluate<string | null>(`checks.runOne(${place})`),
    async close() {
      await browser.close();
      await site.close();
    },
  };
}
