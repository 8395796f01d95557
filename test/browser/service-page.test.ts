import { appendFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeLock } from '../../src/foundation/files/lock.ts';
import { explanationSchema } from '../../src/service/protocol/answers.ts';
import { duplicatesSchema } from '../../src/service/protocol/groups.ts';
import { paths } from '../../src/service/protocol/paths.ts';
import { type ServedCatalogue, serveCatalogue } from '../support/running-service.ts';
import { complaintsAt } from './complaints-of.ts';
import { launchChromium } from './launch-chromium.ts';
import { lookAt, schemes, sizes } from './look-at.ts';

let browser: Browser;
let served: ServedCatalogue;
let url: string;
beforeAll(async () => {
  served = await serveCatalogue();
  ({ url } = await served.start({ runs: await makeRuns(path.join(served.folder, 'runs')) }));
  browser = await launchChromium('webgl');
});
afterAll(async () => {
  await browser?.close();
  await served?.remove();
});

/** A page of the service that complains to `complaints`. */
async function open(options: BrowserContextOptions = {}, at = url) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = complaintsAt(page, url);
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

/** Adds steps to the log of a run, and an evaluation every fifty. */
async function logSteps(run: string, from: number, to: number): Promise<void> {
  const numbers = { epoch: 1, activeShare: 0.5, learningRate: 0.001, imagesPerSecond: 321, secondsLeft: 60 };
  const measured = (value: number) => ({ value, low: value, high: value });
  const lines = Array.from({ length: to - from + 1 }, (_, at) => from + at).flatMap((step) => {
    const loss = 0.2 + Math.exp(-step / 60) + 0.05 * Math.sin(step * 1.7);
    const share = 1 - Math.exp(-step / 120);
    const measures = Object.fromEntries(
      ['rPrecision', 'mapAtR', 'similarityPrecision', 'recallAt1'].map((name) => [name, measured(share)]),
    );
    const counts = {
      images: 9,
      classes: 3,
      dimension: 8,
      queries: 9,
      queriesWithoutRelevant: 0,
      triplets: 10,
      seed: 0,
    };
    const report = { ...counts, intervals: { level: 0.95, resamples: 10 }, measures };
    return [
      { kind: 'step', step, steps: 400, loss, ...numbers },
      ...(step % 50 === 0 ? [{ kind: 'evaluation', step, score: share, report }] : []),
    ];
  });
  await appendFile(path.join(run, 'log.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** A folder of two runs: one that a process trains, this one, and one at its end, with a report. */
async function makeRuns(folder: string): Promise<string> {
  const [ended, going] = ['ended', 'going on'].map((name) => path.join(folder, name));
  for (const run of [ended, going]) {
    await mkdir(run, { recursive: true });
    await writeFile(path.join(run, 'config.json'), '{}');
    await logSteps(run, 1, 200);
  }
  await utimes(path.join(ended, 'config.json'), 1_700_000_000, 1_700_000_000);
  await writeFile(path.join(ended, 'model.onnx'), '');
  await writeFile(path.join(ended, 'report.html'), '<style>h1 { color: rgb(1, 2, 3) }</style><h1>A report</h1>');
  await takeLock(path.join(going, 'lock.json'), 'training');
  return folder;
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
      const look = (view: string) => lookAt(page, `service-${view}-${name}-${colorScheme}`);
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
      await page.getByRole('button', { name: 'What makes them alike?' }).click();
      await page.waitForSelector('.explanation');
      await look('explanation');
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Duplicates' }).click();
      await page.getByLabel('up to a distance of').fill('0.6');
      await page.getByRole('button', { name: 'Look for them' }).click();
      await page.waitForSelector('.groups[aria-busy=false] .group img');
      await look('duplicates');
      await page.getByRole('link', { name: 'Map' }).click();
      await page.getByRole('heading', { name: 'Map of the catalogue' }).waitFor();
      const make = page.getByRole('button', { name: 'Make the map' });
      const either = async () => (await make.count()) + (await page.locator('.map').count());
      await expect.poll(either, { timeout: 20_000 }).toBe(1);
      if ((await make.count()) === 1) await make.click();
      await page.waitForSelector('.map .thumbnails img');
      await page.locator('.map').focus();
      await page.keyboard.press('Enter');
      await page.waitForSelector('.selection .card img');
      await look('map');
      await page.getByRole('link', { name: 'Runs' }).click();
      await page.waitForSelector('.curve polyline');
      await look('runs');
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});

describe('the page', () => {
  it('is painted within a second', async () => {
    const { page } = await open();
    await page.waitForSelector('.beginnings img');
    // The entry is made when the frame has been shown, which may be after the pictures are in the document.
    const painted = await page.evaluate<number>(`new Promise((resolve) => {
      const told = (list) => list.getEntriesByName('first-contentful-paint').forEach((entry) => resolve(entry.startTime));
      new PerformanceObserver(told).observe({ type: 'paint', buffered: true });
    })`);
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

  it('goes to an address that is typed while the page is open, and back', async () => {
    const { page } = await open({}, `${url}/#id=arrow%2F1.png`);
    await settled(page);
    await page.goto(`${url}/#map`);
    await page.getByRole('heading', { name: 'Map' }).waitFor();
    await page.goto(`${url}/#id=bars%2F2.png`);
    await expect.poll(() => page.locator('.query figcaption').textContent()).toBe('bars 2');
    await settled(page);
    expect(await names(page)).toEqual(await nearest({ id: 'bars/2.png' }));
    await page.goBack();
    await page.goBack();
    await expect.poll(() => page.locator('.query figcaption').textContent()).toBe('arrow 1');
    await page.context().close();
  });

  it('shows what makes two pictures alike, as the service says it, and the pictures again', async () => {
    const { page, complaints } = await open({}, `${url}/#id=arrow%2F1.png`);
    await settled(page);
    await page.locator('.found .open').first().focus();
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'What makes them alike?' }).click();
    await page.waitForSelector('.explanation');
    const [next] = await names(page);
    const body = JSON.stringify({ first: { id: 'arrow/1.png' }, second: { id: `${next}.png` } });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}${paths.explain.path}`, { method: 'POST', headers, body });
    const wanted = explanationSchema.parse(await answer.json());
    const shown = () =>
      page.locator('.compare img').evaluateAll((images) => images.map((image) => image.getAttribute('src') ?? ''));
    expect(await shown()).toEqual([wanted.first.covering.heatmap, wanted.second.covering.heatmap]);
    expect(await page.locator('.shares li span:first-child').allInnerTexts()).toEqual(
      expect.arrayContaining(wanted.shares.map((share) => share.path)),
    );
    expect(await page.locator('.explanation').textContent()).toContain('found by covering');
    await page.getByRole('button', { name: 'Gradient', exact: true }).click();
    expect(await shown()).toEqual([wanted.first.gradient.heatmap, wanted.second.gradient.heatmap]);
    expect(await page.locator('.explanation').textContent()).toContain("network's gradient");
    await page.getByRole('button', { name: 'Pictures', exact: true }).click();
    for (const source of await shown()) expect(source).toContain(paths.thumbnail.path);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says what is wrong where pictures cannot be explained, and lets it be asked again', async () => {
    const { page } = await open({}, `${url}/#id=arrow%2F1.png`);
    await settled(page);
    const busy = {
      error: { code: 'busy', message: '4 requests are worked on, as many as are taken: try again later' },
    };
    await page.route(`**${paths.explain.path}`, (route) => route.fulfill({ status: 429, json: busy }), { times: 1 });
    await page.locator('.found .open').first().focus();
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'What makes them alike?' }).click();
    await page.getByText(busy.error.message).waitFor();
    await page.getByRole('button', { name: 'What makes them alike?' }).click();
    await page.waitForSelector('.explanation');
    await page.context().close();
  });

  it('shows near duplicates side by side, group by group, searches from one, and comes back', async () => {
    const { page, complaints } = await open({}, `${url}/#duplicates`);
    await page.getByLabel('up to a distance of').fill('0.6');
    await page.getByRole('button', { name: 'Look for them' }).click();
    await page.waitForSelector('.groups[aria-busy=false] .group img');
    const answer = duplicatesSchema.parse(await (await fetch(`${url}${paths.duplicates.path}`)).json());
    expect(answer.groups.length).toBeGreaterThan(1);
    const shown = await page
      .locator('.group')
      .evaluateAll((groups) =>
        groups.map((group) =>
          [...group.querySelectorAll('.open')].map((card) =>
            card.getAttribute('aria-label')?.replace('Search from ', ''),
          ),
        ),
      );
    expect(shown).toEqual(answer.groups.map(({ images }) => images.map(({ id }) => id)));
    await page
      .getByRole('button', { name: /^compare/ })
      .first()
      .click();
    await page.waitForSelector('.compare dl');
    await page.keyboard.press('Escape');
    await page.locator('.group .open').first().click();
    await settled(page);
    expect(await names(page)).toEqual(await nearest({ id: answer.groups[0].images[0].id }));
    await page.goBack();
    await page.waitForSelector('.groups[aria-busy=false] .group img');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows a run as it goes, and its report', async () => {
    const { page, complaints } = await open({}, `${url}/#runs`);
    await page.waitForSelector('.curve polyline');
    expect(await page.locator('button.run .class').allInnerTexts()).toEqual(['going on', 'ended']);
    const drawn = async () =>
      page
        .locator('.curve')
        .first()
        .locator('polyline')
        .evaluate((line) => line.getAttribute('points')?.split(' ').length);
    expect(await drawn()).toBe(200);
    expect(await page.locator('.curve h3').allInnerTexts()).toEqual([
      'Loss',
      'Recall@1 of held-out pictures',
      'MAP@R of held-out pictures',
      'Active share of the batch',
    ]);
    await logSteps(path.join(served.folder, 'runs', 'going on'), 201, 240);
    await expect.poll(drawn, { timeout: 20_000 }).toBe(240);
    await page.getByRole('button', { name: 'ended' }).click();
    const [report] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'The report of this run' }).click(),
    ]);
    await report.getByRole('heading', { name: 'A report' }).waitFor();
    const colour = await report.evaluate<string>("getComputedStyle(document.querySelector('h1')).color");
    expect(colour).toBe('rgb(1, 2, 3)');
    expect(complaints).toEqual([]);
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
