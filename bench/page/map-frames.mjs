// How many frames a second the page draws of a map of so many points while it is dragged, in a Chromium without a window whose
// WebGL is SwiftShader's, on the processor; beside it a map of one point, which says what Chromium itself takes. Of a frame's time,
// what the page's main thread does in it, by Chromium's own counters: script, layout, style, all tasks. The rest is drawing.
//   node bench/page/map-frames.mjs [points]
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';

const dist = path.resolve(import.meta.dirname, '../../dist/page');
const points = Number(process.argv[2] ?? 50_000);
const viewport = { width: 1280, height: 900 };
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

/** @param {number} count */
function answers(count) {
  let state = 1;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const rows = Array.from({ length: count }, (_, row) => row);
  const spread = () => 0.12 * (random() + random() + random() - 1.5);
  const store = { images: count, distance: 'euclidean', changeable: false, fields: [], examples: [] };
  return {
    '/v1/about': { store, runs: false, remote: false },
    '/v1/map': { work: null, refused: null, found: { seed: 0, images: count }, images: count },
    '/v1/map/points': {
      ids: rows.map((row) => `class ${row % 20}/${row}.png`),
      x: rows.map((row) => 0.8 * Math.cos((row % 20) * 1.3) + spread()),
      y: rows.map((row) => 0.8 * Math.sin((row % 20) * 2.1) + spread()),
      classes: Array.from({ length: 20 }, (_, place) => `class ${place}`),
      classOf: rows.map((row) => row % 20),
    },
  };
}

/** Milliseconds between frames while a map of so many points is dragged to and fro. @param {import('playwright-core').Browser} browser @param {number} count */
async function dragged(browser, count) {
  const documents = answers(count);
  const server = createServer(({ url = '/' }, answer) => {
    if (url in documents) {
      answer
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(documents[/** @type {keyof typeof documents} */ (url)]));
      return;
    }
    const name = url === '/' ? 'index.html' : url.slice(1);
    const type = types[/** @type {keyof typeof types} */ (path.extname(name).slice(1))];
    if (type === undefined || name.includes('/')) answer.writeHead(404).end();
    else answer.setHeader('content-type', type).end(readFileSync(path.join(dist, name)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const page = await browser.newPage({ viewport });
  await page.goto(`http://127.0.0.1:${port}/#map`);
  await page.waitForSelector('.map canvas');
  await page.waitForTimeout(1500);
  const counters = await page.context().newCDPSession(page);
  await counters.send('Performance.enable');
  const before = await secondsOf(counters);
  const intervals = await page.evaluate(`new Promise((resolve) => {
    const place = document.querySelector('.map .canvas');
    const { left, top, width, height } = place.getBoundingClientRect();
    const send = (to, type, x, y) =>
      to.dispatchEvent(new MouseEvent(type, { clientX: left + x, clientY: top + y, bubbles: true, view: window, buttons: 1 }));
    send(place, 'mousedown', width / 2, height / 2);
    const times = [];
    const step = (now) => {
      times.push(now);
      send(window, 'mousemove', width / 2 + 200 * Math.sin(times.length / 15), height / 2 + 90 * Math.sin(times.length / 9));
      if (times.length < 240) requestAnimationFrame(step);
      else resolve(times.slice(1).map((time, place) => time - times[place]));
    };
    requestAnimationFrame(step);
  })`);
  const after = await secondsOf(counters);
  await page.close();
  server.close();
  const frames = /** @type {number[]} */ (intervals);
  const each = Object.entries(after).map(([name, seconds]) => [
    name,
    Number(((1000 * (seconds - before[/** @type {keyof typeof before} */ (name)])) / frames.length).toFixed(2)),
  ]);
  return { frames, mainThread: Object.fromEntries(each) };
}

/** Seconds that the page's main thread has worked. @param {import('playwright-core').CDPSession} counters */
async function secondsOf(counters) {
  const { metrics } = await counters.send('Performance.getMetrics');
  const seconds = (/** @type {string} */ name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return {
    script: seconds('ScriptDuration'),
    layout: seconds('LayoutDuration'),
    style: seconds('RecalcStyleDuration'),
    tasks: seconds('TaskDuration'),
  };
}

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
for (let round = 1; round <= 3; round++) {
  for (const count of [1, points]) {
    const { frames, mainThread } = await dragged(browser, count);
    const intervals = frames.sort((a, b) => a - b);
    const mean = intervals.reduce((sum, value) => sum + value, 0) / intervals.length;
    console.log(
      JSON.stringify({
        round,
        points: count,
        framesPerSecond: Number((1000 / mean).toFixed(1)),
        medianMilliseconds: Number(intervals[intervals.length >> 1].toFixed(1)),
        p95Milliseconds: Number(intervals[Math.floor(0.95 * intervals.length)].toFixed(1)),
        mainThreadMilliseconds: mainThread,
      }),
    );
  }
}
await browser.close();
