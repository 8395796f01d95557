import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { untouchedOf } from '../../dist/app/runs/untrained/untouched-of.js';
import { pairedDifferences } from '../../dist/evaluation.js';
import { embedAll, loadDataset, loadModel, WorkerEngine } from '../../dist/index.js';
import { fitClosedForm, linearMapOf, mappedRows } from '../../dist/ranking/closed-forms/closed-form.js';
import { matrix, rowsAt, unitRows } from '../../dist/ranking/closed-forms/matrix.js';
import { MatrixProducts } from '../../dist/ranking/closed-forms/matrix-products.js';
import { chooseTrunk } from '../../dist/training/planning/open-trunk.js';
import { evaluateRows } from '../../dist/training/start/evaluate-rows.js';
import { lookalike } from './lookalike.mjs';

// What the preset auto makes of classes that it has learnt, beside the closed form of the network's untouched features:
//   node bench/quality/known-classes.mjs <sets> --backbone lite0.onnx -o known-classes.json [--set stamps]... [--packaged] [--seed 0]
//
// The pictures of <sets>/<set>/train are divided by a fixed rule: of each class of three or more a quarter, one at least, the
// first by the SHA-1 of <class>/<file>, is kept aside. The rest is learnt, by `train --expect known-classes`, and the closed form
// (the scatter within classes, shrunk by 0.1) is fitted to the same. Then each picture that was kept aside is searched for among
// all others, learnt ones and those kept aside. --packaged goes on from the packaged model in place of the backbone. May be
// stopped and started again: what the file has is not done anew.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', short: 'o' },
    set: { type: 'string', multiple: true, default: ['crops', 'stamps', 'icons', 'products'] },
    backbone: { type: 'string' },
    normalize: { type: 'string', default: 'half' },
    packaged: { type: 'boolean', default: false },
    seed: { type: 'string', default: '0' },
    cache: { type: 'string' },
  },
});
const [sets] = positionals;
if (sets === undefined || values.output === undefined || values.backbone === undefined) {
  console.error(
    'usage: node bench/quality/known-classes.mjs <sets> --backbone lite0.onnx -o known-classes.json [--set name]... [--packaged] [--seed 0]',
  );
  process.exit(2);
}
/** A number that a scatter is shrunk by: that of the closed form in shared tables, which was never tuned. */
const shrinkage = 0.1;
const seed = Number(values.seed);
const done = existsSync(values.output) ? JSON.parse(readFileSync(values.output, 'utf8')) : [];
const engine = await WorkerEngine.create({ threads: 2 });
try {
  for (const set of values.set) {
    const backbone = values.packaged ? 'packaged' : path.basename(values.backbone);
    const same = { set, backbone, seed };
    if (done.some((one) => Object.entries(same).every(([name, value]) => one[name] === value))) continue;
    const row = { ...same, ...(await compared(path.join(sets, set, 'train'))) };
    done.push(row);
    writeFileSync(values.output, `${JSON.stringify(done, null, 2)}\n`);
    const text = ({ recallAt1, mapAtR }) => `${recallAt1.value} / ${mapAtR.value}`;
    console.log(
      `${set}, ${backbone}, seed ${seed}: auto ${text(row.auto)}, closed form ${text(row.closedForm)}, ` +
        `more by ${text(row.difference)}, ${row.seconds} s`,
    );
  }
} finally {
  await engine.close();
}

/** What a run finds of the pictures that were kept aside from it, what the closed form finds, and the difference. */
async function compared(folder) {
  const dataset = await loadDataset(folder);
  const aside = keptAside(dataset.images);
  const learnt = [...dataset.images.keys()].filter((place) => !aside.includes(place));
  const labels = dataset.images.map(({ label }) => label);
  const judged = async ({ data, dimension }) => {
    const { queries, measures } = await evaluateRows({ engine, embeddings: data, dimension, labels, queries: aside });
    const classes = queries.map((query) => labels[query]);
    return new Map(['recallAt1', 'mapAtR'].map((name) => [name, { values: measures.get(name), classes }]));
  };
  const { embedded, seconds, said, reasons } = await autoOf(dataset, learnt);
  const [auto, closedForm] = [await judged(embedded), await judged(await closedFormOf(dataset, learnt, labels))];
  const differences = pairedDifferences(auto, closedForm, { seed: 0, over: 'classes' });
  const figures = (which) =>
    Object.fromEntries([...differences].map(([name, measure]) => [name, inPercent(measure[which])]));
  return {
    pictures: { learnt: learnt.length, keptAside: aside.length },
    seconds,
    auto: figures('first'),
    closedForm: figures('second'),
    difference: figures('difference'),
    said,
    reasons,
  };
}

/** Places of the pictures that are kept aside, ascending. */
function keptAside(images) {
  const ranks = images.map(({ id }) => createHash('sha1').update(id).digest('hex'));
  const byClass = new Map();
  for (const [place, { label }] of images.entries()) byClass.set(label, [...(byClass.get(label) ?? []), place]);
  return [...byClass.values()]
    .filter((places) => places.length >= 3)
    .flatMap((places) => {
      const ranked = [...places].sort((a, b) => (ranks[a] < ranks[b] ? -1 : 1));
      return ranked.slice(0, Math.max(1, Math.floor(places.length / 4)));
    })
    .sort((a, b) => a - b);
}

/** Embeddings of all pictures by a run that has learnt some of them; what it said of itself, why, and how long it took. */
async function autoOf({ images }, learnt) {
  const work = mkdtempSync(path.join(tmpdir(), 'lookalike-known-'));
  try {
    for (const place of learnt) {
      const from = images[place].source.path;
      const to = path.join(work, 'learnt', ...from.split(path.sep).slice(-2));
      mkdirSync(path.dirname(to), { recursive: true });
      copyFileSync(from, to);
    }
    const chosen = values.packaged ? [] : ['--backbone', values.backbone, '--normalize', values.normalize];
    const cache = values.cache === undefined ? [] : ['--feature-cache', values.cache];
    const began = performance.now();
    const { start } = lookalike(
      ...['train', path.join(work, 'learnt'), '-o', path.join(work, 'run'), '--expect', 'known-classes'],
      ...['--seed', values.seed, '--time', '20m', ...chosen, ...cache],
    );
    const seconds = Math.round((performance.now() - began) / 1000);
    const embedder = await loadModel(path.join(work, 'run', 'model.onnx'), { engine });
    const embedded = await embedAll(
      embedder,
      images.map(({ source }) => source.path),
    );
    await embedder.close();
    const said = Object.fromEntries(
      start.knownClasses.map(({ name, recallAt1, mapAtR }) => [
        name,
        { recallAt1: inPercent(recallAt1), mapAtR: inPercent(mapAtR) },
      ]),
    );
    return { embedded, seconds, said, reasons: start.reasons };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Untouched features of all pictures under the scatter within classes of those that are learnt. */
async function closedFormOf(dataset, learnt, labels) {
  const { trunk } = await chooseTrunk(
    { file: values.backbone, normalization: values.normalize },
    { augmented: false, suggestCut: true },
  );
  const places = [...dataset.images.keys()];
  const table = await untouchedOf(trunk, engine, dataset, places, 'stretch')({});
  const features = matrix(
    places.length,
    table.dimension,
    Float64Array.from(unitRows({ data: table.data, columns: table.dimension })),
  );
  const products = new MatrixProducts(engine);
  try {
    const form = { kind: 'within-class', shrinkage };
    const ofLearnt = learnt.map((place) => labels[place]);
    const fitted = await fitClosedForm(products, rowsAt(features, learnt), ofLearnt, form, features.columns);
    const map = await linearMapOf(products, fitted, features.columns, features.columns);
    return { data: unitRows(await mappedRows(products, features, map)), dimension: features.columns };
  } finally {
    await products.close();
  }
}

/** A mean and its interval over classes, in percent. */
function inPercent({ value, low, high }) {
  const percent = (share) => Number((100 * share).toFixed(1));
  return { value: percent(value), low: percent(low), high: percent(high) };
}
