// Streams synthetic records through online importance sampling and prints records a second and memory: without triplets, with
// one after every ten records, and with one after every record. After `npm run build`:
//
//   node bench/sampler/run.mjs [--records 1000000] [--categories 1000] [--buffer 100] [--output figures.json]
//
// A record is of a random category and carries a heavy-tailed total relevance; the relevance of a pair is arithmetic on the
// two numbers. The exit code is 1 if offers come to fewer than 200,000 records a second, or memory to 300 MB or more.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({
  options: { records: text, categories: text, buffer: text, seed: text, output: text, build: text },
});
const whole = (value, fallback) => {
  const number = value === undefined ? fallback : Number(value);
  if (!Number.isInteger(number) || number < 0) throw new Error(`'${value}' is no whole number`);
  return number;
};
const records = whole(values.records, 1_000_000);
const categories = whole(values.categories, 1000);
const capacity = whole(values.buffer, 100);
const seed = whole(values.seed, 0);
const build = path.resolve(values.build ?? path.join(import.meta.dirname, '../../dist'));
const load = (file) => import(pathToFileURL(path.join(build, file)).href);
const { ImportanceSampler } = await load('ranking/triplets/samplers/importance-sampler.js');
const { RandomSource } = await load('foundation/random/random-source.js');

/** The concept of a record within its category: one of twenty, in four subgroups. */
const conceptOf = (id) => id % 20;
const relevance = (a, b) =>
  conceptOf(a) === conceptOf(b) ? 1 : (conceptOf(a) & 3) === (conceptOf(b) & 3) ? 0.1 : 0.01;

/** @param every a triplet is drawn after so many records; 0 for none. */
function stream(every) {
  const options = { outOfClass: 0.2, margin: 0.05, capacity };
  let held = 0;
  let most = 0;
  const sampler = ImportanceSampler.fromSeed(relevance, options, seed, () => held--);
  const random = RandomSource.fromSeed(seed, 'records');
  let drawn = 0;
  let memory = 0;
  const started = performance.now();
  for (let id = 0; id < records; id++) {
    held++;
    sampler.offer(id, random.integer(categories), 1 / (1 - 0.999 * random.uniform()));
    most = Math.max(most, held);
    if (every > 0 && id % every === 0 && sampler.next() !== undefined) drawn++;
    if (id % 50_000 === 0) memory = Math.max(memory, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - started) / 1000;
  memory = Math.max(memory, process.memoryUsage.rss());
  if (held !== sampler.held || most > categories * capacity + 1) throw new Error('the buffers hold more than they may');
  return {
    recordsPerSecond: Math.round(records / seconds),
    seconds: Number(seconds.toFixed(2)),
    triplets: drawn,
    memoryMB: Math.round(memory / 1e6),
    heldAtMost: most,
  };
}

const figures = {
  what: `${records} records of ${categories} categories, buffers of ${capacity}, seed ${seed}`,
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
  noTriplets: stream(0),
  aTripletEveryTenRecords: stream(10),
  aTripletEveryRecord: stream(1),
};
process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
if (values.output !== undefined) await writeFile(values.output, `${JSON.stringify(figures, undefined, 2)}\n`);
const { noTriplets, aTripletEveryTenRecords, aTripletEveryRecord } = figures;
const slowest = Math.min(noTriplets.recordsPerSecond, aTripletEveryTenRecords.recordsPerSecond);
const most = Math.max(noTriplets.memoryMB, aTripletEveryTenRecords.memoryMB, aTripletEveryRecord.memoryMB);
if (slowest < 200_000 || most >= 300) process.exitCode = 1;
