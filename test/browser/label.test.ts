import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadTripletFile } from '../../src/ranking/triplets/read-triplet-file.ts';
import { labellingSchema } from '../../src/service/protocol/labelling.ts';
import { readAnswers } from '../../src/teaching/answers/answer-log.ts';
import { hueSteps, makeColouredShapes, writeColourBlindModel } from '../fixtures/coloured-shapes.ts';
import { cutTexts } from './cut-texts.ts';
import { launchChromium } from './launch-chromium.ts';
import { seriousProblems } from './serious-problems.ts';

const program = path.resolve('dist/cli/main.js');
const pictures = 60;
let folder: string;
let hues: ReadonlyMap<string, number>;
let browser: Browser;
let service: ChildProcess | undefined;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'label-'));
  hues = await makeColouredShapes(path.join(folder, 'pictures'), pictures);
  await writeColourBlindModel(path.join(folder, 'model.onnx'));
  browser = await launchChromium();
});
afterEach(stopService);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function startService(): Promise<void> {
  const words = ['label', path.join(folder, 'pictures'), '--model', path.join(folder, 'model.onnx')];
  const child = spawn(process.execPath, [program, ...words, '-o', path.join(folder, 'answers'), '--port', '0']);
  service = child;
  url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const [, found] = /label at (\S+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`label ended with ${code}`)));
  });
}

async function stopService(): Promise<void> {
  if (service === undefined || service.exitCode !== null || service.signalCode !== null) return;
  const ended = once(service, 'exit');
  service.kill('SIGKILL');
  await ended;
}

/** A page of its own, and what it complained of. */
async function openPage(
  viewport = { width: 1200, height: 860 },
  colorScheme: 'light' | 'dark' = 'light',
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport, colorScheme });
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

const isReady = '#question[aria-busy=false]';
const labelling = async () => labellingSchema.parse(await (await fetch(new URL('/v1/label/progress', url))).json());
const unlike = (a: string, b: string) => hueSteps(hues.get(a)!, hues.get(b)!);
const idOf = (image: string) => new URL(image, url).searchParams.get('id')!;
const sources = (page: Page, selector: string) =>
  page.$$eval(selector, (images) => images.map((image) => String((image as unknown as { src: string }).src)));

/** Answers a pair by colour, with the keyboard. */
async function answerPair(page: Page): Promise<void> {
  const [query] = await sources(page, '#query');
  const [left, right] = (await sources(page, '.candidates img')).map(idOf);
  const key = unlike(idOf(query), left) < unlike(idOf(query), right) ? 'ArrowLeft' : 'ArrowRight';
  await answering(page, () => page.keyboard.press(key));
}

/** Marks what has nearly the colour of the query, with the mouse. */
async function answerGrid(page: Page): Promise<void> {
  const [query] = await sources(page, '#query');
  for (const [place, candidate] of (await sources(page, '.candidates img')).map(idOf).entries()) {
    if (unlike(idOf(query), candidate) < 50) await page.click(`.candidates button >> nth=${place}`);
  }
  await answering(page, () => page.click('#done'));
}

async function answering(page: Page, act: () => Promise<void>): Promise<void> {
  const asked = page.waitForResponse((response) => response.url().includes('/v1/label/nearest'));
  await act();
  await asked;
  await page.waitForSelector(isReady);
}

describe('the page of label', () => {
  it('keeps ten pairs by keyboard and three grids by mouse through a kill, and teaches a model by them', async () => {
    await startService();
    const { page, complaints } = await openPage();
    await answering(page, async () => {
      await page.fill('#rater', 'Ann');
      await page.press('#rater', 'Enter');
    });
    for (let pair = 0; pair < 10; pair++) await answerPair(page);
    await answering(page, () => page.click('[data-kind=grid]'));
    for (let grid = 0; grid < 3; grid++) await answerGrid(page);
    const before = await labelling();
    expect(before).toMatchObject({ answers: 13, raters: [{ name: 'Ann', answers: 13 }] });

    // Who still looks at it hears that it is gone, which is no complaint of the page.
    await page.close();
    await stopService();
    await startService();
    expect(await labelling()).toEqual(before);
    const kinds = (await readAnswers(path.join(folder, 'answers'))).map(({ kind }) => kind);
    expect(kinds).toEqual([...Array(10).fill('triplet'), ...Array(3).fill('grid')]);

    const { page: again, complaints: more } = await openPage();
    await answering(again, async () => {
      await again.fill('#rater', 'Ann');
      await again.press('#rater', 'Enter');
    });
    await answering(again, () => again.keyboard.press('g'));
    for (let grid = 0; grid < 12; grid++) await answerGrid(again);
    await answering(again, () => again.keyboard.press('u'));
    expect(await labelling()).toMatchObject({ answers: 24 });

    const query = idOf((await sources(again, '#query'))[0]);
    const meanSteps = async () => {
      const near = (await sources(again, '#nearest img')).map(idOf);
      return near.reduce((sum, id) => sum + unlike(query, id), 0) / near.length;
    };
    const untaught = await meanSteps();
    await again.click('#teach');
    await again.waitForSelector('#outcome:has-text("taught,")', { timeout: 60_000 });
    await again.waitForSelector(isReady);
    const { taught } = await labelling();
    expect(taught).toMatchObject({ kept: true, model: path.join(folder, 'answers/model.onnx') });
    expect(taught!.after).toBeGreaterThan(taught!.before);
    expect(await again.textContent('#outcome')).toContain(`taught, ${(100 * taught!.after).toFixed(0)} %`);
    const asked = await fetch(new URL(`/v1/label/nearest?k=12&id=${query}`, url));
    const { images } = (await asked.json()) as { images: string[] };
    const steps = images.reduce((sum, id) => sum + unlike(query, id), 0) / images.length;
    expect(steps).toBeLessThan(0.8 * untaught);

    await again.click('#export');
    await again.waitForSelector('#note:has-text("triplets.csv")');
    const written = await loadTripletFile(path.join(folder, 'answers/triplets.csv'));
    expect(written.triplets.length).toBe((await labelling()).triplets + (await labelling()).keptAside);
    expect([...complaints, ...more]).toEqual([]);
  });

  it('cuts no text off, on a phone either, can be used by keyboard alone, and has no serious fault of accessibility', async () => {
    await startService();
    for (const [viewport, scheme] of [
      [{ width: 390, height: 800 }, 'light'],
      [{ width: 1200, height: 860 }, 'dark'],
    ] as const) {
      const { page } = await openPage(viewport, scheme);
      // The name is asked for first, and has the focus.
      await page.waitForSelector('#rater:focus');
      await page.keyboard.type('Bob');
      await answering(page, () => page.keyboard.press('Enter'));
      expect(await cutTexts(page)).toEqual([]);
      const [wide, shown] = [
        await page.evaluate<number>('document.documentElement.scrollWidth'),
        await page.evaluate<number>('document.documentElement.clientWidth'),
      ];
      expect(wide).toBeLessThanOrEqual(shown);
      expect(await seriousProblems(page)).toEqual([]);
      await answering(page, () => page.keyboard.press('g'));
      expect(await seriousProblems(page)).toEqual([]);
      await page.close();
    }
  });
});
