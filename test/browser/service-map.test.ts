import { readFile } from 'node:fs/promises';
import type { Browser, Download, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LookalikeClient } from '../../src/service/client/client.ts';
import { classColour } from '../../src/service/page/map/point-colours.ts';
import type { ServiceMapPoints } from '../../src/service/protocol/map.ts';
import { type ServedCatalogue, serveCatalogue } from '../support/running-service.ts';
import { launchChromium } from './launch-chromium.ts';

let browser: Browser;
let served: ServedCatalogue;
let url: string;
let points: ServiceMapPoints;
beforeAll(async () => {
  served = await serveCatalogue();
  ({ url } = await served.start());
  browser = await launchChromium('webgl');
});
afterAll(async () => {
  await browser?.close();
  await served?.remove();
});

/** How long a busy machine may take. */
const patience = { timeout: 20_000 };
const viewport = { width: 1280, height: 900 };

/** A page that shows the map. */
async function openMap() {
  const page = await browser.newPage({ viewport });
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // What SwiftShader says of itself is none.
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${url}/#map`);
  await page.waitForSelector('.map .thumbnails img');
  return { page, complaints };
}

const selection = async (page: Page) => {
  const labels = await page
    .locator('.selection .open')
    .evaluateAll((cards) => cards.map((card) => card.getAttribute('aria-label') ?? ''));
  return labels.map((label) => `${label.replace('Search from ', '').replace(', ', '/')}.png`).sort();
};

/** Where a point is on the page while the whole map is shown. */
async function pixel(page: Page, point: number) {
  const box = await page.locator('.map').boundingBox();
  if (box === null) return expect.fail('there is no map');
  const half = Math.min(box.width - 2, box.height - 2) / 2 - 36;
  return { x: box.x + box.width / 2 + points.x[point] * half, y: box.y + box.height / 2 - points.y[point] * half };
}

describe('the map of the page', () => {
  it('is made by a button, says how far that is, and is there again', async () => {
    const page = await browser.newPage({ viewport });
    await page.goto(`${url}/#map`);
    await page.getByRole('button', { name: 'Make the map' }).click();
    await page.waitForSelector('.map canvas');
    points = await new LookalikeClient(url).mapPoints();
    expect(await page.locator('.map').getAttribute('aria-label')).toBe('Map of 12 pictures');
    await page.reload();
    await page.waitForSelector('.map canvas');
    await page.close();
  });

  it('draws points in the colours of their classes', async () => {
    const { page, complaints } = await openMap();
    // Pictures lie over points.
    await page.evaluate("document.querySelector('.thumbnails').hidden = true");
    const drawn = await page.locator('.map').screenshot();
    const { data, info } = await sharp(drawn).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const box = (await page.locator('.map').boundingBox())!;
    const colourAt = (x: number, y: number) => {
      const at = (Math.round(y) * info.width + Math.round(x)) * 3;
      return [...data.subarray(at, at + 3)];
    };
    const [ground, shown] = [255, 200 / 255];
    const off = (place: number, colour: readonly number[]) =>
      Math.max(...classColour(place).map((value, at) => Math.abs(value * shown + ground * (1 - shown) - colour[at])));
    for (const [point, own] of points.classOf.entries()) {
      const { x, y } = await pixel(page, point);
      const colour = colourAt(x - box.x, y - box.y);
      const nearest = [0, 1, 2, 3].sort((one, other) => off(one, colour) - off(other, colour))[0];
      expect({ point, nearest }).toEqual({ point, nearest: own });
      expect(off(own, colour)).toBeLessThan(60);
    }
    expect(colourAt(8, 8)).toEqual([ground, ground, ground]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is selected from by a click, a lasso, a class and the keyboard, and the selection is listed', async () => {
    const { page, complaints } = await openMap();
    const one = await pixel(page, 4);
    await page.mouse.click(one.x, one.y);
    await page.waitForSelector('.selection .card');
    await expect.poll(() => selection(page), patience).toEqual([points.ids[4]]);
    await page.getByRole('button', { name: 'Select bars' }).click();
    await expect.poll(() => selection(page), patience).toEqual(points.ids.filter((id) => id.startsWith('bars/')));
    await page.locator('.map').focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => selection(page), patience).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => selection(page), patience).toEqual([...points.ids].sort());
    for (let press = 0; press < 8; press++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => selection(page), patience).toEqual([]);
    await page.keyboard.press('0');
    await page.getByRole('button', { name: 'Lasso' }).click();
    const box = (await page.locator('.map').boundingBox())!;
    // The left half; the corners of the map are round.
    await page.mouse.move(box.x + 12, box.y + 12);
    await page.mouse.down();
    for (const [x, y] of [
      [box.width / 2, 12],
      [box.width / 2, box.height - 12],
      [12, box.height - 12],
    ] as const) {
      await page.mouse.move(box.x + x, box.y + y, { steps: 3 });
    }
    await page.mouse.up();
    await expect
      .poll(() => selection(page), patience)
      .toEqual(points.ids.filter((_, point) => points.x[point] < 0).sort());
    expect(await page.locator('.selection [role=status]').textContent()).toMatch(/^\d+ pictures? selected$/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('gives the selection as files, and searches from it', async () => {
    const { page, complaints } = await openMap();
    await page.getByRole('button', { name: 'Select disc' }).click();
    const wanted = points.ids.filter((id) => id.startsWith('disc/'));
    const saved = async (name: string): Promise<[Download, string]> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `Save as ${name}` }).click(),
      ]);
      return [download, await readFile(await download.path(), 'utf8')];
    };
    const [csv, table] = await saved('CSV');
    expect(csv.suggestedFilename()).toBe('selection.csv');
    expect(table).toBe(['id', ...wanted, ''].join('\r\n'));
    const [, json] = await saved('JSON');
    expect(JSON.parse(json)).toEqual(wanted);
    await page.getByRole('button', { name: 'Search from these' }).click();
    await page.waitForSelector('.found[aria-busy=false] .card img');
    const found = await served.catalogue.search(
      wanted.map((id) => ({ id })),
      12,
    );
    const shown = await page
      .locator('.found .card .open')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('aria-label') ?? ''));
    expect(shown.map((label) => /^Search from (\w+), (\w+);/.exec(label)?.slice(1).join('/'))).toEqual(
      found.map(({ id }) => id.replace('.png', '')),
    );
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is moved and zoomed by the mouse', async () => {
    const { page } = await openMap();
    const box = (await page.locator('.map').boundingBox())!;
    const places = () =>
      page.locator('.thumbnails img').evaluateAll((images) => images.map((image) => image.getAttribute('style')));
    const before = await places();
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 320, box.y + 260, { steps: 5 });
    await page.mouse.up();
    await expect.poll(places, patience).not.toEqual(before);
    const moved = await places();
    await page.mouse.wheel(0, -400);
    await expect.poll(places, patience).not.toEqual(moved);
    await page.close();
  });
});
