// Interrupts `index` at random moments and checks how it ends: `npm run interrupt -- [times] [seed] [file for the result]`.
// Each round sends SIGINT, SIGTERM or SIGHUP to an `index` into a new store or into the one that is there, until so many have
// been interrupted. It has to end within ten seconds with exit code 130 and one line that says so, or be done; in the end one
// `index` more has to have every picture in the store once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { RandomSource } from '../dist/foundation/random/random-source.js';

const [rounds = '60', seed = '1', result] = process.argv.slice(2);
const program = path.resolve(import.meta.dirname, '../dist/cli/main.js');
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const pictures = 400;
const longest = 10_000;
const random = RandomSource.fromSeed(Number(seed));
const folder = await mkdtemp(path.join(tmpdir(), 'interrupt-'));

/** @param {readonly string[]} argv @param {{ after: number, signal: NodeJS.Signals }} [stop] */
async function run(argv, stop) {
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...argv], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (some) => (text.stdout += some));
  child.stderr.on('data', (some) => (text.stderr += some));
  let endAsked = Number.POSITIVE_INFINITY;
  const timers =
    stop === undefined
      ? []
      : [
          setTimeout(() => {
            endAsked = performance.now();
            child.kill(stop.signal);
          }, stop.after),
          setTimeout(() => child.kill('SIGKILL'), stop.after + longest),
        ];
  const [code, signal] = await once(child, 'close');
  for (const timer of timers) clearTimeout(timer);
  const now = performance.now();
  return { code, signal, ...text, milliseconds: now - started, ending: Math.max(0, now - endAsked) };
}

/** How a round ended; a text that begins with `wrong` is a fault. @param {Awaited<ReturnType<typeof run>>} end @param {string} signal */
function verdictOf({ code, signal: by, stderr }, signal) {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('model: '));
  if (code === 0 && lines.length === 0) return 'done before';
  // Node listens for signals only when it has started.
  if (by === signal && stderr === '') return 'ended before the program had begun';
  if (code === 130 && lines.length === 1 && lines[0].startsWith(`lookalike: stopped by ${signal}`))
    return 'stopped in order';
  // Before the command line is understood, there is nothing to save.
  const number = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal];
  if (code === number && lines.length === 1 && lines[0] === `lookalike: stopped by ${signal}`)
    return 'stopped before it had begun';
  return `wrong: code ${code}, signal ${by}, '${stderr.trim()}'`;
}

/** @type {Record<string, number>} */
const verdicts = {};
let [slowest, faults] = [0, 0];
try {
  for (let number = 0; number < pictures; number++) {
    const pixels = Uint8Array.from({ length: 48 * 48 * 3 }, () => random.integer(256));
    await mkdir(path.join(folder, 'pictures', `class ${number % 8}`), { recursive: true });
    await sharp(pixels, { raw: { width: 48, height: 48, channels: 3 } })
      .png()
      .toFile(path.join(folder, 'pictures', `class ${number % 8}`, `${number}.png`));
  }
  const whole = await run(['index', 'pictures', '--store', 'whole.lance']);
  for (let [round, interrupted] = [0, 0]; interrupted < Number(rounds); round++) {
    if (round % 2 === 0) await rm(path.join(folder, 'store.lance'), { recursive: true, force: true });
    const signal = signals[random.integer(signals.length)];
    const argv = ['index', 'pictures', '--store', 'store.lance'];
    const end = await run(argv, { after: random.between(0, 1.1 * whole.milliseconds), signal });
    const verdict = verdictOf(end, signal);
    if (verdict !== 'done before') interrupted++;
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    slowest = Math.max(slowest, end.ending);
    if (verdict.startsWith('wrong')) faults++;
  }
  const { stdout } = await run(['index', 'pictures', '--store', 'store.lance', '--json']);
  const { images, added, unchanged } = JSON.parse(stdout);
  if (images !== pictures || added + unchanged !== pictures) faults++;
  const report = {
    interrupted: Number(rounds),
    seed: Number(seed),
    verdicts,
    slowestEndMilliseconds: Math.round(slowest),
    images,
    faults,
  };
  console.log(JSON.stringify(report, undefined, 2));
  if (result !== undefined) await writeFile(result, `${JSON.stringify(report, undefined, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = faults === 0 ? 0 : 1;
