import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSite } from '../../src/app/site/write-site.ts';
import { compareImages } from '../../src/catalogue/embedding/compare-images.ts';
import { type Embedder, loadModel } from '../../src/catalogue/embedding/embedder.ts';
import { searchDistanceByName } from '../../src/ranking/distances/search-distance-by-name.ts';
import { makePictures } from '../fixtures/make-pictures.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { complaintsAt } from './complaints-of.ts';
import { launchChromium } from './launch-chromium.ts';
import { lookAt, schemes, sizes } from './look-at.ts';
import { type StaticSite, serveStatic } from './static-site.ts';

/** What a careful web server says beside each file: the page's own policy for its worker, too, and alone with itself. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; " +
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'x-content-type-options': 'nosniff',
};

let folder: string;
let model: string;
let pictures: string;
let browser: Browser;
let site: StaticSite;
let node: Embedder;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-alone-'));
  pictures = path.join(folder, 'pictures');
  await makePictures(pictures, { classes: 10, picturesPerClass: 6, size: 64 });
  model = path.join(folder, 'tiny.onnx');
  await writeTinyModel(model, 1);
  await writeSite(path.join(folder, 'site'), { model, modelName: 'A small model' });
  site = await serveStatic({ folders: { '/': path.join(folder, 'site') }, headers });
  node = await loadModel(model);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await node?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The page with its model loaded; it complains to `complaints`. */
async function open(options: BrowserContextOptions = {}, url = site.url) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = complaintsAt(page, url);
  await page.goto(url);
  await page.getByText(/computed by onnxruntime/).waitFor();
  return { page, complaints };
}

/** Gives the folder of pictures to the page, and waits until they can be searched. */
async function give(page: Page, from = pictures): Promise<void> {
  await page.getByLabel('A folder of pictures').setInputFiles(from);
  await page.waitForSelector('.beginnings img');
}

const settled = (page: Page) => page.waitForSelector('.found[aria-busy=false] .card img');
const found = (page: Page) =>
  page.locator('.found .card .name').evaluateAll((names) => names.map(({ title }) => title));

/** The ids of all pictures, nearest to one of them first, that one left out; by Node. */
async function nearestInNode(query: string, embedder = node): Promise<string[]> {
  const ids = (await readdir(pictures, { recursive: true })).filter((name) => name.endsWith('.png')).sort();
  const vectors = await embedder.embedImages(ids.map((id) => path.join(pictures, id)));
  const distance = searchDistanceByName(embedder.model.metadata.distance);
  const asked = vectors[ids.indexOf(query)];
  return ids
    .map((id, place) => ({ id, apart: distance.between(asked, vectors[place]) }))
    .sort((a, b) => a.apart - b.apart)
    .map(({ id }) => id)
    .filter((id) => id !== query);
}

describe.each(sizes)('the page alone on a $name', ({ name, width, height, isPhone }) => {
  it.each(schemes)('in %s fits, can be read, and has no serious fault of accessibility', async (colorScheme) => {
    const viewport = { width, height };
    const { page, complaints } = await open({ viewport, colorScheme, isMobile: isPhone, hasTouch: isPhone });
    const look = (view: string) => lookAt(page, `alone-${view}-${name}-${colorScheme}`);
    await look('beginning');
    await give(page);
    await look('given');
    await page.locator('.beginnings .open').first().click();
    await settled(page);
    await look('found');
    await page
      .getByRole('button', { name: /^Compare with/ })
      .first()
      .click({ force: true });
    await page.waitForSelector('.compare dl');
    await look('compare');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Train' }).waitFor();
    await look('train');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.getByRole('heading', { name: 'What came of it' }).waitFor();
    await look('trained');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe('the page alone', () => {
  it('finds what Node finds: by a picture of its own, and by one that is given', async () => {
    const { page, complaints } = await open();
    await give(page);
    expect(await page.locator('header').textContent()).toContain('60 pictures');
    const query = 'bars/2.png';
    await page.locator('.give input[type=file]').first().setInputFiles(path.join(pictures, query));
    await settled(page);
    const expected = await nearestInNode(query);
    // The picture itself is among those that are searched, and nearest to itself.
    expect((await found(page)).slice(0, 13)).toEqual([query, ...expected.slice(0, 12)]);
    await page.locator('.found .open').nth(1).click();
    await page.locator('.query figcaption', { hasText: expected[0].split('/')[0] }).waitFor();
    await settled(page);
    expect((await found(page)).slice(0, 12)).toEqual((await nearestInNode(expected[0])).slice(0, 12));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('compares two pictures as Node does, and narrows by class folder', async () => {
    const { page, complaints } = await open();
    await give(page);
    await page.locator('.give input[type=file]').first().setInputFiles(path.join(pictures, 'star/1.png'));
    await settled(page);
    await page.locator('.filters select').selectOption('moon');
    await expect.poll(() => page.locator('.found .card').count(), { timeout: 30_000 }).toBe(6);
    const [nearest] = await found(page);
    expect(nearest).toMatch(/^moon\//);
    await page
      .getByRole('button', { name: /^Compare with/ })
      .first()
      .click({ force: true });
    const said = await page.locator('.compare dd').first().textContent();
    const { distance } = await compareImages(node, path.join(pictures, 'star/1.png'), path.join(pictures, nearest));
    expect(Math.abs(Number(said) - distance)).toBeLessThan(2e-3);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says which pictures cannot be read, and goes on with the others', async () => {
    const odd = path.join(folder, 'odd');
    await makePictures(odd, { classes: 2, picturesPerClass: 2 });
    await writeFile(path.join(odd, 'bars', 'text.png'), 'no picture');
    await writeFile(path.join(odd, 'notes.txt'), 'no picture either');
    const { page } = await open();
    await give(page, odd);
    expect(await page.locator('header').textContent()).toContain('4 pictures');
    await page.getByText('1 could not be read').click();
    expect(await page.locator('.unreadable li').textContent()).toMatch(/^bars\/text\.png it is not an image/);
    await page.context().close();
  });

  it('says what is wrong with a file that is no model, and keeps the model that it has', async () => {
    const { page } = await open();
    await page
      .getByLabel('A model')
      .setInputFiles({ name: 'other.onnx', mimeType: 'application/octet-stream', buffer: Buffer.from('no model') });
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/^cannot use 'other\.onnx' as a model: /);
    await give(page);
    await page.context().close();
  });

  it('fits a head before the eyes; the model that it gives finds in Node what the page finds by it', async () => {
    const { page, complaints } = await open();
    await give(page);
    await page.getByRole('link', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Train' }).click();
    const points = () =>
      page.evaluate<number>("document.querySelector('.curve polyline')?.getAttribute('points').split(' ').length ?? 0");
    await expect.poll(points, { timeout: 30_000 }).toBeGreaterThan(3);
    const early = await points();
    await expect.poll(points, { timeout: 30_000 }).toBeGreaterThan(early + 3);
    await page.getByRole('heading', { name: 'What came of it' }).waitFor();
    const loading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download model.onnx' }).click();
    const trained = path.join(folder, 'head.onnx');
    await (await loading).saveAs(trained);
    await using embedder = await loadModel(trained);
    expect(embedder.model.metadata.description).toMatch(
      /With a head fitted to \d+ pictures of \d+ classes in a page\.$/,
    );
    // These drawings are too much alike to this model for shares, which it says.
    await page
      .getByText(/^It has no calibration: at no distance are two held-out pictures more likely of one class/)
      .waitFor();
    await page.getByRole('button', { name: 'Search with it' }).click();
    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByText('the model that was trained here').waitFor();
    await page.locator('.give input[type=file]').first().setInputFiles(path.join(pictures, 'ring/3.png'));
    await settled(page);
    const expected = await nearestInNode('ring/3.png', embedder);
    expect((await found(page)).slice(0, 8)).toEqual(['ring/3.png', ...expected.slice(0, 7)]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('calibrates what it trains, by pictures that it had not learnt, and says shares from then on', async () => {
    const plain = path.join(folder, 'plain');
    for (let hue = 0; hue < 360; hue += 30) {
      await mkdir(path.join(plain, `${hue}`), { recursive: true });
      for (let light = 0; light < 6; light++) {
        const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="32" fill="hsl(${hue},90%,${48 + light}%)"/></svg>`;
        await writeFile(path.join(plain, `${hue}`, `${light}.png`), await sharp(Buffer.from(drawing)).png().toBuffer());
      }
    }
    const { page, complaints } = await open();
    await give(page, plain);
    await page.getByRole('link', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Train' }).click();
    await page.getByText(/^It is calibrated on 72 pictures that were not learnt, in a page: nearer than \d/).waitFor();
    const loading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download model.onnx' }).click();
    const trained = path.join(folder, 'calibrated.onnx');
    await (await loading).saveAs(trained);
    await using embedder = await loadModel(trained);
    expect(embedder.model.metadata.calibration).toMatchObject({ distance: 'euclidean', images: 72, classes: 12 });
    await page.getByRole('button', { name: 'Search with it' }).click();
    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByText('the model that was trained here').waitFor();
    await page.locator('.beginnings .open').first().click();
    await settled(page);
    const firstFound = () => page.locator('.found .card').first().textContent();
    expect(await firstFound()).toMatch(/%/);
    // Another model of the same name, without a calibration: it is asked anew.
    const named = path.join(folder, 'the model that was trained here');
    await copyFile(model, named);
    await page.getByLabel('A model', { exact: true }).setInputFiles(named);
    await expect.poll(firstFound, { timeout: 20_000 }).not.toMatch(/%/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('trains a network of its own, whose curve falls, and whose model Node loads', async () => {
    const { page, complaints } = await open();
    await give(page);
    await page.getByRole('link', { name: 'Train' }).click();
    await page.getByLabel(/A network of its own/).check();
    await page.getByLabel('Times that it sees every picture').fill('12');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.waitForSelector('.course progress');
    expect(await page.locator('.course .work').textContent()).toMatch(/step \d+ of \d+/);
    await page.getByRole('heading', { name: 'What came of it' }).waitFor({ timeout: 150_000 });
    const loading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download model.onnx' }).click();
    const trained = path.join(folder, 'network.onnx');
    await (await loading).saveAs(trained);
    await using embedder = await loadModel(trained);
    expect(embedder.model.metadata.training).toMatchObject({ preset: 'small', seed: 0 });
    expect(embedder.dimension).toBe(128);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('stops when it is told to, and keeps what it has embedded until then', async () => {
    const many = path.join(folder, 'many');
    await mkdir(many);
    // Large ones, so that there is time to stop.
    const large = { width: 3000, height: 2000, channels: 3, background: '#357' } as const;
    const bytes = await sharp({ create: large }).jpeg().toBuffer();
    for (let number = 0; number < 400; number++) await writeFile(path.join(many, `${number}.jpg`), bytes);
    const { page } = await open();
    await page.getByLabel('A folder of pictures').setInputFiles(many);
    await page.getByText(/embedding: [1-9]\d* of 400 pictures/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.waitForSelector('.beginnings img');
    const said = Number(/(\d+) pictures/.exec((await page.locator('header').textContent()) ?? '')?.[1]);
    expect(said).toBeGreaterThan(0);
    expect(said).toBeLessThan(400);
    await page.context().close();
  });

  it('works below any address of a server that says nothing but types, by one thread', async () => {
    const plain = await serveStatic({ folders: { '/shop/alike/': path.join(folder, 'site') } });
    try {
      const { page, complaints } = await open({}, `${plain.url}/shop/alike/`);
      expect(await page.getByText(/computed by onnxruntime/).textContent()).toMatch(/WebAssembly, 1 thread\./);
      await give(page);
      await page.locator('.beginnings .open').first().click();
      await settled(page);
      await page.goBack();
      await page.waitForSelector('.beginnings img');
      expect(complaints).toEqual([]);
      expect(plain.asked.filter((address) => !address.startsWith('/shop/alike/'))).toEqual([]);
      await page.context().close();
    } finally {
      await plain.close();
    }
  });

  it('is served with pictures beside it, and asks for nothing but its own files', async () => {
    const { loadDataset } = await import('../../src/pictures/datasets/load-dataset.ts');
    const beside = path.join(folder, 'beside');
    const few = path.join(folder, 'few');
    await makePictures(few, { classes: 3, picturesPerClass: 2 });
    await writeSite(beside, { model, modelName: 'A model', pictures: await loadDataset(few) });
    const own = await serveStatic({ folders: { '/': beside }, headers });
    try {
      const { page, complaints } = await open({}, own.url);
      await page.waitForSelector('.beginnings img');
      expect(await page.locator('header').textContent()).toContain('6 pictures');
      expect(complaints).toEqual([]);
      await page.context().close();
    } finally {
      await own.close();
    }
  });
});
