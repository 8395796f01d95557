import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths } from '../../src/service/protocol/paths.ts';
import { type ServedCatalogue, serveCatalogue } from '../support/running-service.ts';
import { launchChromium } from './launch-chromium.ts';
import { textContrasts } from './text-contrasts.ts';

const sizes = [
  { name: 'desktop', width: 1280, height: 900, isPhone: false },
  { name: 'phone', width: 390, height: 844, isPhone: true },
] as const;
const schemes = ['light', 'dark'] as const;

/** Where screenshots stay; without it none are taken. */
const kept = process.env['SCREENSHOTS'];

let browser: Browser;
let served: ServedCatalogue;
let url: string;
let axe: string;
beforeAll(async () => {
  served = await serveCatalogue();
  ({ url } = await served.start());
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await served?.remove();
});

/** A page of the service that complains to `complaints`. */
async function open(options: BrowserContextOptions = {}, at = url) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(blob:|data:)/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin) {
      complaints.push(`asks for ${request.url()}`);
    }
  });
  await page.goto(at);
  return { page, complaints };
}

const found = (page: Page) =>
  page.locator('.found .card .open').evaluateAll((cards) => cards.map((card) => card.getAttribute('aria-label')));
const names = async (page: Page) =>
  (await found(page)).map((label) =>
    /^Search from (\w+), (\w+);/
      .exec(label ?? '')
      ?.slice(1)
      .join('/'),
  );
/** What the library finds for an image of the store but for itself, as the page names it. */
async function nearest(query: { id: string } | Buffer, options = {}) {
  const images = await served.catalogue.search(query, { k: 12, ...options });
  return images.filter(({ id }) => !('id' in query) || id !== query.id).map(({ id }) => id.replace('.png', ''));
}
const settled = (page: Page) => page.waitForSelector('.found[aria-busy=false] .card img');

/** What axe-core finds that is serious. */
async function seriousProblems(page: Page) {
  // As the page's own policy forbids scripts from elsewhere, it is evaluated.
  await page.evaluate(axe);
  const problems = await page.evaluate<{ id: string; impact: string; nodes: { html: string }[] }[]>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }).then(({ violations }) => violations)",
  );
  return problems
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe.each(sizes)('the page on a $name', ({ name, width, height, isPhone }) => {
  it.each(schemes)(
    'in %s fits, can be read, and has no serious fault of accessibility in any view',
    async (colorScheme) => {
      const { page, complaints } = await open({
        viewport: { width, height },
        colorScheme,
        isMobile: isPhone,
        hasTouch: isPhone,
      });
      const look = async (view: string) => {
        const widths = await page.evaluate<number[]>('[document.documentElement.scrollWidth, innerWidth]');
        expect({ view, width: widths[0] }).toEqual({ view, width: widths[1] });
        expect(await seriousProblems(page)).toEqual([]);
        const contrasts = await textContrasts(page);
        expect(contrasts.length).toBeGreaterThan(3);
        for (const { contrast, text } of contrasts)
          expect({ text, enough: contrast >= 4.5 }).toEqual({ text, enough: true });
        if (kept !== undefined)
          await page.screenshot({ path: path.join(kept, `service-${view}-${name}-${colorScheme}.png`) });
      };
      await page.waitForSelector('.beginnings img');
      await look('beginning');
      expect(await page.getByRole('button', { name: 'Camera' }).isVisible()).toBe(isPhone);
      await page.locator('.beginnings .open').first().click();
      await settled(page);
      await look('found');
      await page
        .getByRole('button', { name: /^Compare with/ })
        .first()
        .click({ force: true });
      await page.waitForSelector('.compare dl');
      await look('compare');
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});

describe('the page', () => {
  it('is painted within a second', async () => {
    const { page } = await open();
    await page.waitForSelector('.beginnings img');
    const painted = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    expect(painted).toBeLessThan(1000);
    await page.context().close();
  });

  it('searches by a picture that is chosen, pasted or dropped', async () => {
    const { page, complaints } = await open();
    const file = path.join(served.folder, 'pictures/bars/2.png');
    const bytes = await readFile(file);
    const wanted = await nearest(bytes);
    await page.locator('input[type=file]').first().setInputFiles(file);
    await settled(page);
    expect(await names(page)).toEqual(wanted);
    for (const kind of ['paste', 'drop']) {
      await page.reload();
      await page.waitForSelector('.give.large');
      const data = `(() => { const data = new DataTransfer();
        const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], 'dropped.png', { type: 'image/png' })); return data; })()`;
      await page.evaluate(
        kind === 'drop'
          ? `document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: ${data}, bubbles: true, cancelable: true }))`
          : `document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: ${data}, bubbles: true, cancelable: true }))`,
      );
      await settled(page);
      expect(await names(page)).toEqual(wanted);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says what is wrong with a picture that cannot be read', async () => {
    const { page } = await open();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'text.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await page.waitForSelector('.found [role=alert]');
    expect(await page.locator('.found [role=alert]').textContent()).toMatch(
      /^a picture cannot be read: it is not an image/,
    );
    await page.context().close();
  });

  it('is used by the keyboard alone: through the results, from one to the next, more and less like, compared', async () => {
    const { page } = await open({}, `${url}/#id=arrow%2F1.png`);
    await settled(page);
    const first = await nearest({ id: 'arrow/1.png' });
    expect(await names(page)).toEqual(first);
    await page.locator('.found .open').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    const focused = () => page.evaluate<string>("document.activeElement.getAttribute('aria-label')");
    expect(await focused()).toContain(`Search from ${first.at(-2)?.replace('/', ', ')}`);
    await page.keyboard.press('l');
    await page.waitForSelector('.examples');
    await settled(page);
    expect(await names(page)).toEqual(await nearest({ id: 'arrow/1.png' }, { like: [{ id: `${first.at(-2)}.png` }] }));
    await page.locator('.found .open').last().focus();
    const unliked = (await names(page)).at(-1);
    await page.keyboard.press('u');
    await page.getByText('Less like', { exact: true }).waitFor();
    await settled(page);
    expect(await names(page)).toEqual(
      await nearest(
        { id: 'arrow/1.png' },
        { like: [{ id: `${first.at(-2)}.png` }], unlike: [{ id: `${unliked}.png` }] },
      ),
    );
    await page.locator('.found .open').first().focus();
    await page.keyboard.press('c');
    await page.waitForSelector('.compare dl');
    expect(await page.locator('.compare figcaption').allInnerTexts()).toEqual([
      'arrow/1.png',
      `${(await names(page))[0]}.png`,
    ]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.compare', { state: 'detached' });
    const [next] = await names(page);
    await page.locator('.found .open').first().focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).hash).toBe(`#${new URLSearchParams({ id: `${next}.png` })}`);
    await settled(page);
    expect(await names(page)).toEqual(await nearest({ id: `${next}.png` }));
    await page.goBack();
    await page.getByText('Less like', { exact: true }).waitFor();
    await page.context().close();
  });

  it('narrows by class and by a condition, and says what is wrong with one', async () => {
    const { page } = await open({}, `${url}/#id=arrow%2F1.png`);
    await settled(page);
    await page.getByRole('combobox', { name: 'class' }).selectOption('bars');
    await expect.poll(() => page.locator('.found .card').count()).toBe(3);
    expect((await names(page)).every((name) => name?.startsWith('bars/'))).toBe(true);
    await page.getByRole('combobox', { name: 'class' }).selectOption('');
    await page.getByRole('textbox', { name: 'where' }).fill("class = 'disc' or class = 'cross'");
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.found .card').count()).toBe(6);
    await page.getByRole('textbox', { name: 'where' }).fill('class =');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.found [role=alert]');
    await page.context().close();
  });

  it('shows every endpoint, and lets one be tried out', async () => {
    const { page, complaints } = await open({}, `${url}/docs`);
    await page.waitForSelector('.opblock');
    expect(await page.locator('.opblock').count()).toBe(Object.keys(paths).length);
    await page.getByText('That the process is alive').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText('"status": "ok"').first().waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('asks for the token where the service has one, and for nothing else before', async () => {
    const token = 'a-token-of-the-test';
    const { url: closed } = await served.start({ token });
    const { page } = await open({}, closed);
    await page.getByLabel('Token').fill('another-token-than-it');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('this is not the token of the service').waitFor();
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.beginnings img');
    const loaded = await page.evaluate<boolean>("document.querySelector('.beginnings img').decode().then(() => true)");
    expect(loaded).toBe(true);
    await page.context().close();
  });
});
