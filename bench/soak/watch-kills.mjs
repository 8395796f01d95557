// Kills `lookalike watch` at random moments while files are added, changed, moved and deleted; what is started again catches up, and at
// the end `verify` has to find nothing: no file missing, none gone, none outdated, each found by its own vector.
//
//   node bench/soak/watch-kills.mjs --kills 30 --images 300 [--model model.onnx] [--seed 1]
//
// Prints one JSON document; ends with code 1 if anything is wrong.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    images: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string' },
  },
});
const [kills, images] = [Number(values.kills), Number(values.images)];
const program = path.join(import.meta.dirname, '../../dist/cli/main.js');
let state = Number(values.seed);
/** Numbers from 0 to 1 by a linear congruential generator: the same changes for the same seed. */
const random = () => {
  state = (state * 1664525 + 1013904223) % 2 ** 32;
  return state / 2 ** 32;
};

const base = await mkdtemp(path.join(tmpdir(), 'lookalike-watch-kills-'));
const [pictures, store] = [path.join(base, 'pictures'), path.join(base, 'store.lance')];
let drawn = 0;

async function draw(file) {
  await mkdir(path.dirname(file), { recursive: true });
  const data = Buffer.from(Array.from({ length: 12 * 12 * 3 }, () => Math.floor(256 * random())));
  await sharp(data, { raw: { width: 12, height: 12, channels: 3 } })
    .png()
    .toFile(file);
}

const newName = () => path.join(pictures, ['hats', 'shoes'][Math.floor(2 * random())], `${drawn++}.png`);

/** Adds, changes, moves and deletes a file. */
async function change() {
  const names = (await readdir(pictures, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const there = names.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
  const some = () => there.splice(Math.floor(there.length * random()), 1)[0];
  await draw(newName());
  await draw(some());
  await rename(some(), newName());
  await rm(some());
}

function start(command, ...options) {
  const argv = [program, command, '--store', store, '--json', '--quiet', ...options];
  if (values.model !== undefined) argv.push('--model', values.model);
  return spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Starts watching; resolves with what the first look found. */
async function watch() {
  const child = start('watch', pictures, '--settle', '0.1s');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = await lines.next();
  return { child, lines, first: JSON.parse(value) };
}

const wrong = [];
try {
  for (let n = 0; n < images; n++) await draw(newName());
  const caughtUp = [];
  for (let kill = 0; kill < kills; kill++) {
    const { child, first } = await watch();
    const { added, updated, moved, removed } = first;
    caughtUp.push(added + updated + moved + removed);
    for (let n = 0; n < 3; n++) {
      await change();
      await setTimeout(250 * random());
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    await change();
  }
  // The last one catches up, hears of one change more, and is asked to stop.
  const { child, lines, first } = await watch();
  await draw(newName());
  const { value } = await lines.next();
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  if (code !== 130) wrong.push(`the last watch ended with code ${code}`);
  if (JSON.parse(value).added !== 1) wrong.push(`the last watch heard of ${value}`);
  const verify = start('verify');
  let document = '';
  verify.stdout.on('data', (piece) => {
    document += piece;
  });
  const [verified] = await once(verify, 'close');
  if (verified !== 0) wrong.push(`the store is not as the folder is: ${document}`);
  console.log(JSON.stringify({ images: first.images + 1, kills, caughtUp, wrong }, undefined, 2));
} finally {
  await rm(base, { recursive: true, force: true });
}
process.exitCode = wrong.length === 0 ? 0 : 1;
