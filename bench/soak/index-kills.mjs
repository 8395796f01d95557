// Kills `lookalike index` at random moments while files are added, changed, moved and deleted; at the end the store has to equal
// the folder: no file twice, none missing, none outdated, every class and hash right.
//
//   node bench/soak/index-kills.mjs --kills 100 --images 2000 [--model model.onnx] [--seed 1]
//
// Prints one JSON document; ends with code 1 if anything is wrong.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from '@lancedb/lancedb';
import { ChangingFolder } from './changing-folder.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    images: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string' },
  },
});
const [kills, images] = [Number(values.kills), Number(values.images)];
const program = path.join(import.meta.dirname, '../../dist/cli/main.js');
const base = await mkdtemp(path.join(tmpdir(), 'lookalike-kills-'));
const [pictures, store] = [path.join(base, 'pictures'), path.join(base, 'store.lance')];
const folder = new ChangingFolder(pictures, { seed: Number(values.seed), classes: ['hats', 'shoes', "it's, ü"] });

/** Runs `index`; kills it after some milliseconds, if it still runs then. */
async function index(killAfter) {
  const argv = [program, 'index', pictures, '--store', store, '--json', '--quiet'];
  if (values.model !== undefined) argv.push('--model', values.model);
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const begun = Date.now();
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  const timer = new AbortController();
  if (killAfter !== undefined) {
    setTimeout(killAfter, undefined, { signal: timer.signal })
      .then(() => child.kill('SIGKILL'))
      .catch(() => undefined);
  }
  const { code, signal } = await ended;
  timer.abort();
  return { code, signal, stdout, stderr, milliseconds: Date.now() - begun };
}

const wrong = [];
try {
  await folder.add(images);
  const first = await index();
  if (first.code !== 0) throw new Error(`the first index failed: ${first.stderr}`);
  const { milliseconds } = await index();
  let [killed, failed] = [0, 0];
  for (let kill = 0; kill < kills; kill++) {
    await folder.change(Math.max(2, images / 100));
    const ending = await index(1.5 * milliseconds * folder.random());
    if (ending.signal === 'SIGKILL') killed++;
    else if (ending.code !== 0) {
      failed++;
      wrong.push(`an index failed: ${ending.stderr.trim()}`);
    }
  }
  const last = await index();
  const report = last.code === 0 ? JSON.parse(last.stdout) : wrong.push(`the last index failed: ${last.stderr}`);
  const table = await (await connect(store)).openTable('images');
  const rows = (await table.query().select(['id', 'contentHash', 'field_text_class', 'vector']).toArray()).map((row) =>
    row.toJSON(),
  );
  const present = new Map();
  for (const file of await folder.files()) {
    const id = path.relative(pictures, file).split(path.sep).join('/');
    present.set(
      id,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
  }
  const seen = new Set();
  const vectors = new Map();
  for (const { id, contentHash, field_text_class: named, vector } of rows) {
    if (seen.has(id)) wrong.push(`${id} is there twice`);
    seen.add(id);
    if (!present.has(id)) wrong.push(`${id} is in the store and not in the folder`);
    else if (present.get(id) !== contentHash) wrong.push(`${id} is outdated`);
    if (named !== id.split('/')[0]) wrong.push(`${id} is of the class ${named}`);
    vectors.set(id, [...vector].join());
  }
  for (const id of present.keys()) if (!seen.has(id)) wrong.push(`${id} is missing`);
  // Every vector is the one that a new store has.
  await rename(store, `${store}.killed`);
  await index();
  const fresh = await (await connect(store)).openTable('images');
  for (const row of await fresh.query().select(['id', 'vector']).toArray()) {
    if ([...row.vector].join() !== vectors.get(row.id)) wrong.push(`${row.id} has another vector`);
  }
  const { added, updated, moved, removed, unchanged } = report;
  const lastRun = { added, updated, moved, removed, unchanged };
  console.log(JSON.stringify({ images: present.size, kills, killed, failed, lastRun, wrong }, undefined, 2));
} finally {
  await rm(base, { recursive: true, force: true });
}
process.exitCode = wrong.length === 0 ? 0 : 1;
