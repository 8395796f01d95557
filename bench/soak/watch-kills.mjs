// Kills `lookalike watch` at random moments while files are added, changed, moved and deleted; what is started again catches up, and at
// the end `verify` has to find nothing: no file missing, none gone, none outdated, each found by its own vector.
//
//   node bench/soak/watch-kills.mjs --kills 30 --images 300 [--model model.onnx] [--seed 1]
//
// Prints one JSON document; ends with code 1 if anything is wrong.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ChangingFolder } from './changing-folder.mjs';

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
const base = await mkdtemp(path.join(tmpdir(), 'lookalike-watch-kills-'));
const [pictures, store] = [path.join(base, 'pictures'), path.join(base, 'store.lance')];
const folder = new ChangingFolder(pictures, { seed: Number(values.seed), classes: ['hats', 'shoes'] });

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
  await folder.add(images);
  const caughtUp = [];
  for (let kill = 0; kill < kills; kill++) {
    const { child, first } = await watch();
    const { added, updated, moved, removed } = first;
    caughtUp.push(added + updated + moved + removed);
    for (let n = 0; n < 3; n++) {
      await folder.change(1);
      await setTimeout(250 * folder.random());
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    await folder.change(1);
  }
  // The last one catches up, hears of one change more, and is asked to stop.
  const { child, lines, first } = await watch();
  await folder.add(1);
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
