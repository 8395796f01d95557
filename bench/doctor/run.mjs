// Trains a short run of recipes.mjs on emoji, keeps what the doctor says of it and what was learnt in bench/results/doctor.json,
// beside what other runs left there. After `npm run build`:
//
//   for run in batch-hard batch-hard-euclidean batch-hard-soft-margin batch-hard-low-rate semi-hard batch-all supcon
//   do node bench/doctor/run.mjs $run; done
//
// --seed <n>       default 0
// --threads <n>    default 2
// --work <folder>  for pictures and runs; default lookalike-quality in the system's folder for temporary files
// --output <file>  default as above
//
// The exit code is 1 if the doctor finds more or less than the recipe says.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { train } from '../../dist/index.js';
import { loadPictures } from '../quality/pictures.mjs';
import { recipes } from './recipes.mjs';

const text = /** @type {const} */ ({ type: 'string' });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: text, threads: text, work: text, output: text },
});
const [name] = positionals;
const recipe = recipes[name];
if (positionals.length !== 1 || recipe === undefined)
  throw new Error(`give one run: ${Object.keys(recipes).join(', ')}`);
const seed = Number(values.seed ?? 0);
const threads = Number(values.threads ?? 2);
const output = values.output ?? fileURLToPath(new URL('../results/doctor.json', import.meta.url));
const work = values.work ?? path.join(tmpdir(), 'lookalike-quality');
const folder = path.join(work, `doctor-${name}-${seed}`);
/** Steps whose numbers are kept. */
const shown = [1, 5, 10, 20, 40, 80, 120, 240];

const { train: dataset } = await loadPictures('emoji', undefined, work);
await rm(folder, { recursive: true, force: true });
const course = [];
const warnings = [];
let step = 0;
const run = await train({
  material: { dataset, triplets: undefined },
  folder,
  choices: { ...recipe.choices, seed, threads },
  onEvent(event) {
    if (event.kind === 'warning') warnings.push({ step, message: event.message });
    if (event.kind !== 'step') return;
    step = event.progress.step;
    if (!shown.includes(step)) return;
    const short = (value) => Number(value.toPrecision(3));
    const { loss, activeShare, spread, gradientNorm } = event.progress;
    course.push({
      step,
      loss: short(loss),
      activeShare: short(activeShare),
      spread: short(spread),
      gradientNorm: short(gradientNorm),
    });
  },
});

// What the log shows; near-copies among the emoji are a matter of the pictures.
const ofPictures = ['leakage', 'label-suspects', 'duplicated-positives', 'contradictory-labels', 'unvisited-classes'];
const found = run.findings.map(({ kind }) => kind);
const ofLog = found.filter((kind) => !ofPictures.includes(kind));
const asExpected = JSON.stringify(ofLog) === JSON.stringify(recipe.finds);
const { recallAt1, mapAtR } = run.evaluation.measures;
const percent = ({ value, low, high }) =>
  Object.fromEntries(
    Object.entries({ value, low, high }).map(([key, share]) => [key, Number((100 * share).toFixed(1))]),
  );
const results = JSON.parse(await readFile(output, 'utf8').catch(() => '{"runs":{}}'));
const [{ model }] = cpus();
results.machine = { processor: model.trim(), cores: cpus().length, node: process.versions.node };
results.pictures = { training: dataset.images.length, judged: run.evaluation.images, dataHash: run.dataHash };
results.runs[name] = {
  command: `node bench/doctor/run.mjs ${name}${seed === 0 ? '' : ` --seed ${seed}`}`,
  seed,
  loss: run.config.loss,
  optimizer: run.config.optimizer.kind,
  learningRate: run.config.learningRate,
  steps: run.config.steps,
  trainingSeconds: Number(run.outcome.seconds.toFixed(1)),
  findings: run.findings.map(({ kind, title, seen, remedy }) => ({ kind, title, seen, remedy })),
  firstWarnings: warnings,
  asExpected,
  heldOut: { recallAt1: percent(recallAt1), mapAtR: percent(mapAtR) },
  course,
};
await mkdir(path.dirname(output), { recursive: true });
await writeFile(output, `${JSON.stringify(results, undefined, 2)}\n`);
process.stderr.write(`${name}: ${ofLog.join(', ') || 'nothing'} found; Recall@1 ${percent(recallAt1).value}\n`);
process.exitCode = asExpected ? 0 : 1;
