import type { Page } from 'playwright-core';
import { bundleInPage } from './bundle-in-page.ts';
import { complaintsOf } from './complaints-of.ts';
import { type Graphics, launchChromium } from './launch-chromium.ts';
import { onnxruntimeWeb } from './onnxruntime-web-files.ts';
import { serveStatic } from './static-site.ts';

/** A page with the script `in-page/agreement.ts`. */
export interface AgreementPage {
  readonly page: Page;
  /** What the page complained of. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens the page, with files by their addresses beside it. @param graphics default: none. */
export async function openAgreementPage(
  files: Readonly<Record<string, string | Uint8Array>>,
  graphics: Graphics = 'none',
): Promise<AgreementPage> {
  const site = await serveStatic({
    files: {
      ...files,
      '/index.html':
        '<!doctype html><title>agreement</title><link rel="icon" href="data:,"><script type="module" src="/agreement.js"></script>',
      '/agreement.js': await bundleInPage('agreement.ts'),
    },
    folders: { '/onnxruntime/': onnxruntimeWeb },
  });
  const browser = await launchChromium(graphics);
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  await page.goto(site.url);
  await page.waitForFunction('globalThis.agreement !== undefined');
  return {
    page,
    complaints,
    async close() {
      await browser.close();
      await site.close();
    },
  };
}
