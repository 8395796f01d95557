// The paper's comparison on the emoji with graded relevance, its sampling experiment, and single against multi-scale on
// several sets of pictures. One run is one row and one seed; its result is kept in bench/results/ablation and not made again
// while the configuration is the same, so that a killed command goes on where it was. After `npm run build`:
//
//   node bench/ablation/run.mjs                        all that can be made, then docs/ablation.md
//   node bench/ablation/run.mjs --only hog,multi-scale --seeds 0
//   node bench/ablation/run.mjs --table                docs/ablation.md from the results that are there
//
// --only <rows>           names of rows.mjs, separated by commas
// --seeds <n,n>           default 0,1,2
// --steps <n>             training steps of 120 pictures; default 200
// --fashion <folder>      the IDX files of Fashion-MNIST; without it its rows are passed over
// --photographs <folder>  photographs to be cut into crops; without it those rows are passed over
// --threads <n>           default 2
// --work <folder>         pictures and runs; default lookalike-ablation in the system's folder for temporary files
// --results <folder>      default bench/results/ablation
// --document <file>       default docs/ablation.md
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeAtomically } from '../../dist/foundation/files/write-atomically.js';
import { WorkerEngine } from '../../dist/index.js';
import { allResults, cachedResult, hashOf, keepResult, resultFile } from './cache.mjs';
import { ablationDocument } from './document.mjs';
import { loadMaterial } from './material.mjs';
import { rows } from './rows.mjs';
import { runRow } from './run-row.mjs';

const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({
  options: {
    only: text,
    seeds: text,
    steps: text,
    fashion: text,
    photographs: text,
    threads: text,
    work: text,
    results: text,
    document: text,
    table: { type: 'boolean', default: false },
  },
});
const whole = (value, least) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least)
    throw new Error(`'${value}' is no whole number of at least ${least}`);
  return number;
};
const own = (file) => fileURLToPath(new URL(file, import.meta.url));
const chosen = values.only === undefined ? Object.keys(rows) : values.only.split(',');
const unknown = chosen.find((name) => rows[name] === undefined);
if (unknown !== undefined) throw new Error(`there is no row '${unknown}'; there are ${Object.keys(rows).join(', ')}`);
const seeds = (values.seeds ?? '0,1,2').split(',').map((seed) => whole(seed, 0));
const steps = whole(values.steps ?? 200, 1);
const threads = whole(values.threads ?? 2, 1);
const work = path.resolve(values.work ?? path.join(tmpdir(), 'lookalike-ablation'));
const results = path.resolve(values.results ?? own('../results/ablation'));
const document = path.resolve(values.document ?? own('../../docs/ablation.md'));
const folders = { fashion: values.fashion, photographs: values.photographs };
const say = (line) => process.stderr.write(`${line}\n`);

if (!values.table) {
  const engine = await WorkerEngine.create({ threads });
  for (const name of chosen) {
    const row = rows[name];
    if (row.data in folders && folders[row.data] === undefined) {
      say(`${name}: passed over, give --${row.data}`);
      continue;
    }
    for (const seed of row.seeded ? seeds : [0]) await make(name, row, seed, engine);
  }
  await engine.close();
}
await writeAtomically(document, ablationDocument(await allResults(results)));
say(`written: ${document}`);

/** One run, unless its result is there. */
async function make(name, row, seed, engine) {
  const material = await loadMaterial(row.data, { work, folder: folders[row.data] });
  const { method, settings = {} } = row;
  const networks = ['classification', 'ranking', 'mined'].includes(method) ? { steps } : {};
  const configuration = { version: 1, method, settings, seed, ...networks, data: material.configuration };
  const hash = hashOf(configuration);
  const file = resultFile(results, name, seed);
  if ((await cachedResult(file, hash)) !== undefined) {
    say(`${name}, seed ${seed}: there`);
    return;
  }
  const started = performance.now();
  const onStep = ({ step, loss, seconds }) => {
    if (step % 40 === 0 || step === steps) say(`  step ${step}: loss ${loss.toFixed(4)}, ${seconds.toFixed(0)} s`);
  };
  const { measures, ...outcome } = await runRow(material, { row, seed, steps, threads, work, hash, onStep }, engine);
  await keepResult(file, {
    row: name,
    about: row.about,
    seed,
    hash,
    configuration,
    measures,
    ...outcome,
    machine: { processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, engine: engine.description },
  });
  const shown = Object.entries(measures).map(([measure, { value }]) => `${measure} ${Number(value.toFixed(4))}`);
  say(`${name}, seed ${seed}: ${shown.join(', ')}; ${((performance.now() - started) / 1000).toFixed(0)} s in all`);
}
