// A shop adds its articles one by one from the library, `catalogue.put`, while others search: rate, time of both, files and size.
//
//   node bench/catalogue/shop.mjs <folder of pictures> --model run/model.onnx --articles 20000 --store shop.lance --json shop.json
//
// The store has to be a new one. Pictures are taken again, mirrored or turned, where there are fewer than articles.
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { openCatalogue } from '../../dist/catalogue/mirror/open-catalogue.js';
import { loadDataset } from '../../dist/pictures/datasets/load-dataset.js';
import { describeMachine, describeVersions } from '../speed/machine.mjs';
import { spreadOf } from './search-times.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    articles: { type: 'string', default: '20000' },
    store: { type: 'string', default: 'shop.lance' },
    json: { type: 'string' },
    window: { type: 'string', default: '2000' },
  },
});
const articles = Number(values.articles);
const window = Number(values.window);
const { images } = await loadDataset(positionals[0]);
const machine = { ...describeMachine(), ...describeVersions(path.join(import.meta.dirname, '../..')) };
const catalogue = await openCatalogue(values.store, { model: values.model, threads: 1 });
const windows = [];
let [puts, searches, isDone, failures] = [[], [], false, 0];
const whole = { put: [], search: [] };
const metadata = (place) => ({ price: 5 + (place % 200) / 2, class: `${place % 40}`, since: new Date(1.7e12 + place) });

await catalogue.put('article 0', await pictureOf(0), metadata(0));
const began = performance.now();
await Promise.all([putAll(), searchOn()]);
const seconds = (performance.now() - began) / 1000;
const before = await filesOf(values.store);
const tidyBegan = performance.now();
const { kindOfStore } = await import('../../dist/catalogue/stores/store-kinds.js');
const kind = kindOfStore(values.store);
const store = await kind.open(values.store, await kind.stampAt(values.store));
await store.write((writer) => writer.tidy());
const tidySeconds = (performance.now() - tidyBegan) / 1000;
const count = await catalogue.count();
await store.close();
await catalogue.close();
const document = {
  ...{
    articles,
    machine,
    at: new Date().toISOString(),
    model: values.model,
    seconds,
    aSecond: (articles - 1) / seconds,
  },
  put: spreadOf(whole.put),
  search: { ...spreadOf(whole.search), searches: whole.search.length, failures },
  windows,
  before,
  tidySeconds,
  after: await filesOf(values.store),
  count,
};
console.log(JSON.stringify(document, null, 2));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(document, null, 2)}\n`);
if (count !== articles || failures > 0) process.exitCode = 1;

async function putAll() {
  for (let place = 1; place < articles; place++) {
    const picture = await pictureOf(place);
    const from = performance.now();
    await catalogue.put(`article ${place}`, picture, metadata(place));
    puts.push(performance.now() - from);
    if (place % window === 0 || place === articles - 1) await closeWindow(place);
  }
  isDone = true;
}

async function closeWindow(place) {
  whole.put.push(...puts);
  whole.search.push(...searches);
  const at = { articles: place + 1, put: spreadOf(puts), search: spreadOf(searches), ...(await filesOf(values.store)) };
  windows.push(at);
  console.error(JSON.stringify(at));
  [puts, searches] = [[], []];
}

async function searchOn() {
  for (let place = 0; !isDone; place++) {
    const picture = await pictureOf((7 * place) % articles);
    const from = performance.now();
    await catalogue.search(picture, place % 4 === 0 ? { filter: 'price < 50' } : {}).catch((error) => {
      failures++;
      console.error(error.message);
    });
    searches.push(performance.now() - from);
  }
}

/** A picture as an upload: the bytes of a file. */
async function pictureOf(place) {
  const [image, turn] = [images[place % images.length], Math.floor(place / images.length)];
  const picture = sharp(image.source.path).resize(128, 128, { fit: 'inside' });
  const changed = turn % 2 === 1 ? picture.flop() : picture;
  return changed
    .rotate(90 * (Math.floor(turn / 2) % 4))
    .jpeg()
    .toBuffer();
}

async function filesOf(folder) {
  const names = await readdir(folder, { recursive: true });
  const found = await Promise.all(names.map((name) => stat(path.join(folder, name)).catch(() => undefined)));
  const files = found.filter((one) => one?.isFile());
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}
