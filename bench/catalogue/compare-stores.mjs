// Loads vectors into stores, tunes their indexes and measures: recall against the nearest that `peers.py` found by comparing with all,
// time of a search, rates of loading, replacing and removing, size.
//
//   python bench/catalogue/peers.py vectors --json peers.json                 (first: it writes vectors/truth.i32, too)
//   node bench/catalogue/compare-stores.mjs vectors --store shop.lance --store postgres://user@host/database/table --json stores.json
//
// The stores have to be new ones. `make-vectors.mjs` makes the vectors.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { kindOfStore } from '../../dist/catalogue/stores/store-kinds.js';
import { tuneStore } from '../../dist/catalogue/tuning/tune-store.js';
import { describeMachine, describeVersions } from '../speed/machine.mjs';
import { searchTimes } from './search-times.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: 'string', multiple: true },
    json: { type: 'string' },
    rows: { type: 'string' },
    recall: { type: 'string', default: '0.98' },
    asked: { type: 'string', default: '200' },
  },
});
const [folder] = positionals;
const about = JSON.parse(await readFile(path.join(folder, 'about.json'), 'utf8'));
const { dimension } = about;
const rows = Number(values.rows ?? about.rows);
const [vectors, queries, truth] = await Promise.all([
  floats('rows.f32'),
  floats('queries.f32'),
  readFile(path.join(folder, 'truth.i32')).then((bytes) => new Int32Array(new Uint8Array(bytes).buffer)),
]);
const nearestKnown = truth.length / about.queries;
const searches = Math.min(1000, about.queries);
const machine = { ...describeMachine(), ...describeVersions(path.join(import.meta.dirname, '../..')) };
const results = [];
for (const uri of values.store) {
  results.push(await measured(uri));
  const document = { about: { ...about, rows }, machine, at: new Date().toISOString(), stores: results };
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(document, null, 2)}\n`);
}

async function measured(uri) {
  const stamp = {
    modelId: '0'.repeat(64),
    modelName: 'model.onnx',
    dimension,
    distance: 'euclidean',
    preprocessing: '{}',
  };
  const store = await kindOfStore(uri).open(uri, stamp, { create: true });
  const result = { store: uri.split(':')[0] === 'postgres' ? 'postgres' : 'lancedb' };
  result.load = await rate(rows, (told) => load(store, told));
  say(result.store, 'loaded', result.load);
  result.tidySeconds = (await seconds(() => store.write((writer) => writer.tidy()))).seconds;
  result.bytesWithoutIndex = (await store.facts()).bytes;
  const exact = await searchTimes(store, queriesOf(50), 10, { exact: true });
  result.exact = { ...exact.times, recall: recallOf(exact.found) };
  say(result.store, 'exact', result.exact);
  const report = await tuneStore(store, { recall: Number(values.recall), queries: Number(values.asked) });
  result.tuned = {
    tried: report.tried.map(({ recipe, ...one }) => ({ kind: recipe.kind, build: recipe.build, ...one })),
  };
  result.tuned.kept = report.kept === undefined ? null : report.kept.kind;
  result.bytes = (await store.facts()).bytes;
  for (const { kind, efforts, buildSeconds } of result.tuned.tried)
    say(kind, buildSeconds, JSON.stringify(efforts.at(-1)));
  await searchTimes(store, queriesOf(50), 10);
  const own = await searchTimes(store, queriesOf(searches), 10);
  result.search = { ...own.times, recall: recallOf(own.found) };
  say(result.store, 'search', result.search);
  result.replaceOne = await rate(100, () => each(100, (place) => store.write((writer) => writer.put([rowOf(place)]))));
  result.replaceThousand = await rate(5000, () =>
    each(5, (place) => store.write((writer) => writer.put(rowsFrom(place * 1000, 1000)))),
  );
  result.removeOne = await rate(100, () => each(100, (place) => store.write((writer) => writer.remove([`p${place}`]))));
  const ids = (place) => rowsFrom(rows / 2 + place * 1000, 1000).map(({ id }) => id);
  result.removeThousand = await rate(5000, () =>
    each(5, (place) => store.write((writer) => writer.remove(ids(place)))),
  );
  result.tidyAfterSeconds = (await seconds(() => store.write((writer) => writer.tidy()))).seconds;
  result.bytesAfter = (await store.facts()).bytes;
  result.peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  await store.close();
  return result;
}

async function load(store) {
  await store.write(async (writer) => {
    for (let first = 0; first < rows; first += 2000) await writer.put(rowsFrom(first, Math.min(2000, rows - first)));
  });
}

function rowOf(place) {
  const vector = vectors.slice(place * dimension, (place + 1) * dimension);
  return { id: `p${place}`, contentHash: `${place}`.padStart(64, '0'), modifiedAt: 0, byteLength: 1, vector };
}

function rowsFrom(first, count) {
  return Array.from({ length: count }, (_, place) => rowOf(first + place));
}

function queriesOf(count) {
  return Array.from({ length: count }, (_, place) => queries.slice(place * dimension, (place + 1) * dimension));
}

/** Of the 10 nearest the mean share that was found. */
function recallOf(found) {
  const shares = found.map((neighbours, query) => {
    const known = new Set(truth.subarray(query * nearestKnown, query * nearestKnown + 10));
    return neighbours.filter(({ id }) => known.has(Number(id.slice(1)))).length / 10;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

async function each(count, work) {
  for (let place = 0; place < count; place++) await work(place);
}

async function seconds(work) {
  const began = performance.now();
  await work();
  return { seconds: (performance.now() - began) / 1000 };
}

async function rate(count, work) {
  const took = await seconds(work);
  return { ...took, aSecond: count / took.seconds };
}

async function floats(name) {
  return new Float32Array(new Uint8Array(await readFile(path.join(folder, name))).buffer);
}

function say(...words) {
  console.error(...words.map((word) => (typeof word === 'object' ? JSON.stringify(word) : word)));
}
