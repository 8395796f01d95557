import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingReport } from '../../src/app/pages/report/training-report.ts';
import { sampleReport } from '../fixtures/training-report.ts';
import { complaintsOf } from './complaints-of.ts';
import { cutTexts } from './cut-texts.ts';
import { launchChromium } from './launch-chromium.ts';
import { textContrasts } from './text-contrasts.ts';

const sizes = [
  { name: 'desktop', width: 1280, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const;
const schemes = ['light', 'dark'] as const;

/** Where screenshots stay; without it they are removed after the tests. */
const kept = process.env['SCREENSHOTS'];

let browser: Browser;
let folder: string;
let address: string;

beforeAll(async () => {
  folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'lookalike-report-')));
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'report.html');
  await writeFile(file, trainingReport(await sampleReport()));
  address = pathToFileURL(file).href;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  if (kept === undefined) await rm(folder, { recursive: true });
});

/** A page that has opened the report, and what it complained of and asked for on the way. */
async function openReport(
  { width, height }: { readonly width: number; readonly height: number },
  colorScheme: (typeof schemes)[number],
) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    deviceScaleFactor: kept === undefined ? 1 : 2,
  });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address, { waitUntil: 'load' });
  return { page, complaints, requests };
}

const texts = (page: Page, selector: string) => page.locator(selector).allInnerTexts();

describe.each(sizes)('a training report on a $name', (size) => {
  describe.each(schemes)('in %s', (scheme) => {
    it('shows everything within the width, asks for nothing and complains of nothing', async () => {
      const { page, complaints, requests } = await openReport(size, scheme);
      const widths = await page.evaluate<number[]>(
        '[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]',
      );
      expect(Math.max(widths[0], widths[1])).toBe(size.width);
      expect(widths[2]).toBe(size.width);

      const pictures = await page.evaluate<number[]>(
        'Promise.all([...document.images].map(async (image) => { await image.decode(); return image.naturalWidth; }))',
      );
      expect(pictures).toEqual(new Array(8 * 9 + 2).fill(128));
      // Pictures of the map, which are within a drawing: all have been decoded, for none has failed.
      expect(await page.locator('.map image').count()).toBe(40);

      expect(await page.getByAltText('"quoted" & <co>').count()).toBeGreaterThan(0);

      expect(await texts(page, 'h1')).toEqual(['Emoji across designers']);
      expect(await texts(page, 'h2')).toEqual([
        'What the doctor found',
        'How well it finds',
        'Nearest neighbours',
        'Queries that find most',
        'Queries that find least',
        'Distances of pairs',
        'Map of the embeddings',
        'How the training went',
        'To repeat it',
        'Credits',
      ]);
      expect(await texts(page, 'figure h3')).toEqual([
        'Loss',
        'MAP@R of held-out pictures',
        'Active rows',
        'Spread of the embeddings',
        'Learning rate',
        'Throughput',
      ]);
      expect(await texts(page, '.finding h3')).toEqual([
        'Collapse by batch-hard mining',
        'Leakage from training into judging',
      ]);
      // Whatever is drawn has a description, and every picture a text.
      expect(await page.locator('svg[role="img"]:not([aria-label]), img:not([alt]), img[alt=""]').count()).toBe(0);
      const file = await stat(path.join(folder, 'report.html'));
      expect(file.size).toBeLessThan(5e6);

      expect(await cutTexts(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([address]);
      await page.screenshot({ path: path.join(folder, `${size.name}-${scheme}.png`), fullPage: true });
      await page.context().close();
    });

    it('has text that can be read on its ground', async () => {
      const { page } = await openReport(size, scheme);
      await page.locator('summary').click();
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
      const contrasts = await textContrasts(page);
      expect(contrasts.length).toBeGreaterThan(100);
      expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
      expect(contrasts.filter(({ pixels }) => pixels < 11)).toEqual([]);
      await page.screenshot({ path: path.join(folder, `${size.name}-${scheme}-open.png`), fullPage: true });
      await page.context().close();
    });
  });

  it('keeps the texts of each chart apart and within the page', async () => {
    const { page } = await openReport(size, 'light');
    const charts = await page.evaluate<{ left: number; right: number; top: number; bottom: number; text: string }[][]>(
      `[...document.querySelectorAll('svg.chart')].map((chart) => [...chart.querySelectorAll('text')].map((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return { left, right, top, bottom, text: text.textContent };
      }))`,
    );
    expect(charts).toHaveLength(7);
    for (const boxes of charts) {
      for (const [index, a] of boxes.entries()) {
        expect(a.left, a.text).toBeGreaterThanOrEqual(0);
        expect(a.right, a.text).toBeLessThanOrEqual(size.width);
        for (const b of boxes.slice(index + 1)) {
          const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
          expect(apart, `${a.text} and ${b.text}`).toBe(true);
        }
      }
    }
    await page.context().close();
  });
});

it('lets a map and a table that are wider than a phone be reached and moved by the keyboard', async () => {
  const { page } = await openReport(sizes[1], 'light');
  const map = page.getByRole('region', { name: 'Pictures by their embeddings' });
  await map.focus();
  expect(await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')).toBe(
    'Pictures by their embeddings',
  );
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.evaluate<number>('document.activeElement.scrollLeft')).toBeGreaterThan(0);
  await page.context().close();
});

it('lets a table with many columns scroll within itself on a phone', async () => {
  const report = await sampleReport();
  const measures = [...report.measures.slice(0, 2), ...report.measures.slice(0, 2), ...report.measures];
  const file = path.join(folder, 'many-columns.html');
  await writeFile(file, trainingReport({ ...report, measures, neighbours: [] }));
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.goto(pathToFileURL(file).href);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  const [shown, whole] = await page.evaluate<number[]>(
    '(({ clientWidth, scrollWidth }) => [clientWidth, scrollWidth])(document.querySelector(".wide"))',
  );
  expect(whole).toBeGreaterThan(shown);
  await page.close();
});
