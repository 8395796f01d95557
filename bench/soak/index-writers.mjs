// Several `lookalike index` at once into one store, some of them killed, while the pictures change and a reader searches:
// node bench/soak/index-writers.mjs --rounds 30. What is in the store has to be what is in the folder, each picture once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from '@lancedb/lancedb';
import { RandomSource } from '../../dist/foundation/random/random-source.js';
import { openCatalogue } from '../../dist/index.js';
import { describeMachine, describeVersions } from '../speed/machine.mjs';
import { ChangingPictures } from './changing-pictures.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'dist/cli/main.js');
const writers = 3;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: path.join(root, 'bench/results/index-writers.json') },
  },
});
const rounds = Number(values.rounds);
const source = RandomSource.fromSeed(Number(values.seed));
const random = () => source.uniform();

const folder = mkdtempSync(path.join(tmpdir(), 'lookalike-soak-'));
const machine = describeMachine();
const results = [];
try {
  const pictures = new ChangingPictures(path.join(folder, 'pictures'), random);
  await pictures.add(40);
  for (let round = 0; round < rounds; round++) {
    results.push(await oneRound(pictures, round));
    console.log(JSON.stringify(results.at(-1)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

/** Every third round begins without a store; in two of three one process is killed, or two. */
async function oneRound(pictures, round) {
  const store = path.join(folder, 'store');
  const isNew = round % 3 === 0;
  if (isNew) rmSync(store, { recursive: true, force: true });
  await pictures.add(8);
  await pictures.change(5);
  pictures.remove(4);
  const reader = isNew ? undefined : readOn(store, path.join(folder, 'pictures', [...pictures.hashes().keys()][0]));
  const kills = round % 3 === 1 ? 0 : 1 + Math.floor(2 * random());
  const began = performance.now();
  const processes = await Promise.all(Array.from({ length: writers }, (_, place) => indexOnce(store, place < kills)));
  const seconds = (performance.now() - began) / 1000;
  const searches = await reader?.stop();
  return {
    round,
    isNew,
    seconds: Number(seconds.toFixed(1)),
    processes,
    ...(searches === undefined ? {} : { searches }),
    ...(await compared(store, pictures.hashes())),
    ...sizeOf(store),
  };
}

/** One process; if it is to be killed, it is at a random moment. */
async function indexOnce(store, isKilled) {
  await sleep(400 * random());
  const argv = [program, 'index', path.join(folder, 'pictures'), '--store', store, '--json'];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  let wroteWhenKilled = false;
  if (isKilled) {
    // Until it writes, or waits for who does, and then for a moment: most of the time goes by before.
    while (child.exitCode === null && !holds(store, child.pid) && !stderr.includes('waiting')) await sleep(10);
    await sleep(600 * random());
    wroteWhenKilled = holds(store, child.pid);
    child.kill('SIGKILL');
  }
  const [code, signal] = await closed;
  const lines = stderr.split('\n').filter((line) => line.startsWith('lookalike: '));
  return {
    ended: signal ?? code,
    waitedFor: lines.filter((line) => line.includes('waiting for')).length,
    ...(isKilled ? { wroteWhenKilled } : {}),
    errors: lines.filter((line) => !line.startsWith('lookalike: warning: ')),
  };
}

/** True if a process has the lock of the store. */
function holds(store, pid) {
  try {
    return JSON.parse(readFileSync(path.join(store, 'lock.json'), 'utf8')).process === pid;
  } catch {
    return false;
  }
}

/** Searches a store again and again, all pictures each time. */
function readOn(store, query) {
  let stopped = false;
  const work = async () => {
    const catalogue = await openCatalogue(store);
    let done = 0;
    let doubled = 0;
    const errors = [];
    while (!stopped) {
      try {
        const ids = (await catalogue.search(query, 10_000)).map(({ id }) => id);
        if (new Set(ids).size !== ids.length) doubled++;
        done++;
      } catch (error) {
        errors.push(error.message);
      }
      await sleep(20);
    }
    await catalogue.close();
    return { done, doubled, errors };
  };
  const working = work();
  return {
    stop: () => {
      stopped = true;
      return working;
    },
  };
}

/** The rows of the table itself, beside the pictures of the folder. */
async function compared(store, hashes) {
  const connection = await connect(store);
  const table = await connection.openTable('images');
  const rows = await table.query().select(['id', 'contentHash']).toArray();
  const stored = new Map(rows.map(({ id, contentHash }) => [id, contentHash]));
  table.close();
  connection.close();
  const missing = [...hashes.keys()].filter((id) => !stored.has(id)).length;
  const outdated = [...hashes].filter(([id, hash]) => stored.has(id) && stored.get(id) !== hash).length;
  const removed = [...stored.keys()].filter((id) => !hashes.has(id)).length;
  return { pictures: hashes.size, missing, twice: rows.length - stored.size, outdated, notRemoved: removed };
}

function sizeOf(store) {
  const files = readdirSync(store, { recursive: true })
    .map((name) => path.join(store, name))
    .filter((file) => statSync(file).isFile());
  const megabytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6;
  return { files: files.length, megabytes: Number(megabytes.toFixed(2)) };
}

function report() {
  const all = results.flatMap(({ processes }) => processes);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const summary = {
    rounds,
    processes: all.length,
    killed: all.filter(({ ended }) => ended === 'SIGKILL').length,
    killedWhileWriting: all.filter(({ wroteWhenKilled }) => wroteWhenKilled).length,
    waited: all.filter(({ waitedFor }) => waitedFor > 0).length,
    failed: all.filter(({ ended, errors }) => (ended !== 0 && ended !== 'SIGKILL') || errors.length > 0).length,
    missing: sum('missing'),
    twice: sum('twice'),
    outdated: sum('outdated'),
    notRemoved: sum('notRemoved'),
    searches: results.reduce((total, { searches }) => total + (searches?.done ?? 0), 0),
    searchesWrong: results.reduce(
      (total, { searches }) => total + (searches ? searches.doubled + searches.errors.length : 0),
      0,
    ),
    mostFiles: Math.max(...results.map(({ files }) => files)),
    mostMegabytes: Math.max(...results.map(({ megabytes }) => megabytes)),
  };
  mkdirSync(path.dirname(values.out), { recursive: true });
  const document = { machine, versions: describeVersions(root), seed: Number(values.seed), summary, results };
  writeFileSync(values.out, `${JSON.stringify(document, undefined, 2)}\n`);
  console.log(summary);
  const { failed, missing, twice, outdated, notRemoved, searchesWrong } = summary;
  process.exitCode = failed + missing + twice + outdated + notRemoved + searchesWrong === 0 ? 0 : 1;
}
