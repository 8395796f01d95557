import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RemotePictures } from '../../src/service/http/remote/remote-pictures.ts';
import { type ServedCatalogue, serveCatalogue } from '../support/running-service.ts';
import { complaintsAt } from './complaints-of.ts';
import { launchChromium } from './launch-chromium.ts';
import { lookAt, schemes, sizes } from './look-at.ts';

let browser: Browser;
let served: ServedCatalogue;
let elsewhere: Server;
let url: string;
let address: string;
let bytes: Buffer;
beforeAll(async () => {
  served = await serveCatalogue();
  bytes = await readFile(path.join(served.folder, 'pictures/bars/2.png'));
  elsewhere = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'image/png' }).end(bytes));
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  address = `http://pictures.test:${(elsewhere.address() as AddressInfo).port}/shop/bars.png`;
  const remote = new RemotePictures({
    lookup: async (name) => (name === 'pictures.test' ? [{ address: '127.0.0.1', family: 4 }] : []),
    mayConnect: (to) => to === '127.0.0.1',
  });
  ({ url } = await served.start({ remote }));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  elsewhere?.closeAllConnections();
  elsewhere?.close();
  await served?.remove();
});

const field = (page: Page) => page.getByLabel('Address of a picture');
const settled = (page: Page) => page.waitForSelector('.found[aria-busy=false] .card img');
const found = (page: Page) =>
  page
    .locator('.found .card .open')
    .evaluateAll((cards) => cards.map((card) => card.getAttribute('aria-label')?.split(';')[0]));
const wanted = async () =>
  (await served.catalogue.search(bytes, 12)).map(
    ({ id }) => `Search from ${id.replace('.png', '').replace('/', ', ')}`,
  );

/** Pastes a text where nothing is typed. */
const paste = (page: Page, text: string) =>
  page.evaluate(`(() => { const data = new DataTransfer(); data.setData('text/plain', ${JSON.stringify(text)});
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); })()`);

describe('the page of a service that fetches pictures', () => {
  it.each(sizes.flatMap((size) => schemes.map((colorScheme) => ({ ...size, colorScheme }))))(
    'has a field for an address, on a $name in $colorScheme',
    async (shown) => {
      const { name, width, height, isPhone, colorScheme } = shown;
      const options = { viewport: { width, height }, colorScheme, isMobile: isPhone, hasTouch: isPhone };
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints = complaintsAt(page, url);
      await page.goto(url);
      await field(page).waitFor();
      await page.waitForSelector('.beginnings img');
      await lookAt(page, `service-address-${name}-${colorScheme}`);
      await field(page).fill(address);
      await field(page).press('Enter');
      await settled(page);
      expect(await found(page)).toEqual(await wanted());
      expect(await page.locator('.query figcaption').textContent()).toBe('bars.png');
      await lookAt(page, `service-fetched-${name}-${colorScheme}`);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('takes an address that is pasted anywhere, and leaves other texts alone', async () => {
    const page = await browser.newPage();
    await page.goto(url);
    await field(page).waitFor();
    await paste(page, 'a text');
    await paste(page, `  ${address}\n`);
    await settled(page);
    expect(await found(page)).toEqual(await wanted());
    await page.close();
  });

  it('says why nothing came, and lets another address be given', async () => {
    const page = await browser.newPage();
    await page.goto(url);
    await field(page).fill('http://private.test/x.png');
    await field(page).press('Enter');
    const problem = page.locator('.address [role=alert]');
    await expect.poll(() => problem.textContent()).toMatch(/^'private\.test' does not lead to a public address/);
    await field(page).fill('a text');
    await field(page).press('Enter');
    await expect.poll(() => problem.textContent()).toBe('Give an address of http: or https:.');
    await field(page).fill(address);
    await page.getByRole('button', { name: 'Fetch' }).click();
    await settled(page);
    expect(await problem.textContent()).toBe('');
    await page.close();
  });

  it('has no such field where the service was not told to', async () => {
    const page = await browser.newPage();
    await page.goto((await served.start()).url);
    await page.waitForSelector('.beginnings img');
    expect(await field(page).count()).toBe(0);
    await page.close();
  });
});
