// Trains a recipe of recipes.mjs, judges it on pictures it has not seen, and writes figures, seed, configuration, seconds,
// machine and command to bench/results/quality/<recipe>.json. After `npm run build`:
//
//   node bench/quality/run.mjs emoji-row-1a
//   node bench/quality/run.mjs fashion --folder <folder of the IDX files>
//
// --seed <n>       default 0
// --threads <n>    default 2
// --work <folder>  for pictures and runs; default lookalike-quality in the system's folder for temporary files
// --output <file>  default as above, with the seed behind the name where it is not 0, and the fold
// --fold <n>       0 to 4, of emoji: for choosing a recipe. The pictures to learn from are all there are; a fifth of their
//                  concepts is judged on, the last for fold 0
// --steps <n>      fewer steps, to try the script out: needs --output, for its figures mean nothing
//
// The exit code is 1 if a figure is below what the recipe asks for.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { train } from '../../dist/index.js';
import { judgeModel } from '../judge-model.mjs';
import { foldOf, loadPictures } from './pictures.mjs';
import { recipes } from './recipes.mjs';

const text = /** @type {const} */ ({ type: 'string' });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: text, seed: text, threads: text, work: text, output: text, steps: text, fold: text },
});
const [name] = positionals;
const recipe = recipes[name];
if (positionals.length !== 1 || recipe === undefined) {
  throw new Error(`give one recipe: ${Object.keys(recipes).join(', ')}`);
}
const whole = (value, fallback) => {
  const number = value === undefined ? fallback : Number(value);
  if (!Number.isInteger(number) || number < 0) throw new Error(`'${value}' is no whole number`);
  return number;
};
const seed = whole(values.seed, 0);
const threads = whole(values.threads, 2);
const steps = whole(values.steps, recipe.choices.steps);
if (steps !== recipe.choices.steps && values.output === undefined) throw new Error('--steps needs --output');
const results = fileURLToPath(new URL('../results/quality/', import.meta.url));
const fold = values.fold === undefined ? undefined : whole(values.fold, 0);
const called = [name, ...(seed === 0 ? [] : [`seed-${seed}`]), ...(fold === undefined ? [] : [`fold-${fold}`])].join(
  '-',
);
const output = values.output ?? path.join(results, `${called}.json`);
const work = values.work ?? path.join(tmpdir(), 'lookalike-quality');
const started = performance.now();
const secondsSince = (from) => Number(((performance.now() - from) / 1000).toFixed(1));
const say = (line) => process.stderr.write(`${line}\n`);

say(`${name}: ${recipe.about}`);
const all = await loadPictures(recipe.pictures, values.folder, work);
const pictures = fold === undefined ? all : foldOf(all.train, fold);
const folder = path.join(work, called);
await rm(folder, { recursive: true, force: true });
const run = await train({
  material: { dataset: pictures.train, triplets: undefined },
  folder,
  choices: { ...recipe.choices, steps, seed, threads },
  onEvent(event) {
    if (event.kind !== 'step' || (event.progress.step % 50 !== 0 && event.progress.step !== steps)) return;
    const { step, loss, activeShare, imagesPerSecond, seconds } = event.progress;
    say(
      `step ${step} of ${steps}: loss ${loss.toFixed(4)}, ${Math.round(100 * activeShare)}% active, ` +
        `${imagesPerSecond.toFixed(0)} images/s, ${seconds.toFixed(0)} s`,
    );
  },
});

const judging = performance.now();
const { report, engine } = await judgeModel(run.run.model, pictures.test, { threads, seed });
const judgingSeconds = secondsSince(judging);

const percent = (share) => Number((100 * share).toFixed(2));
const trainingSeconds = Number(run.outcome.seconds.toFixed(1));
const figures = Object.fromEntries(
  Object.entries(report.measures).map(([measure, { value, low, high }]) => [
    measure,
    // Goals and references are of the pictures that a recipe is judged on in the end.
    {
      value: percent(value),
      low: percent(low),
      high: percent(high),
      ...(fold === undefined && recipe.figures[measure]),
    },
  ]),
);
const missed = Object.entries(figures)
  .filter(([, { value, atLeast }]) => atLeast !== undefined && value < atLeast)
  .map(([measure, { value, atLeast }]) => `${measure} is ${value}, below ${atLeast}`);
if (recipe.trainingSeconds !== undefined && trainingSeconds > recipe.trainingSeconds) {
  missed.push(`training took ${trainingSeconds} s, above ${recipe.trainingSeconds}`);
}
// Without the folders of this machine.
const command = ['node bench/quality/run.mjs', name, ...(values.folder === undefined ? [] : ['--folder <folder>'])];
for (const option of /** @type {const} */ (['seed', 'threads', 'steps', 'fold'])) {
  if (values[option] !== undefined) command.push(`--${option} ${values[option]}`);
}
await mkdir(path.dirname(path.resolve(output)), { recursive: true });
await writeFile(
  output,
  `${JSON.stringify(
    {
      recipe: name,
      about: recipe.about,
      command: command.join(' '),
      seed,
      figures,
      missed,
      judged: { images: report.images, classes: report.classes, queries: report.queries, triplets: report.triplets },
      seconds: { training: trainingSeconds, judging: judgingSeconds, total: secondsSince(started) },
      ...(recipe.trainingSeconds === undefined ? {} : { mostTrainingSeconds: recipe.trainingSeconds }),
      imagesThroughNetwork: run.outcome.images,
      parameters: run.outcome.parameterCount,
      dataHash: run.dataHash,
      machine: {
        processor: cpus()[0]?.model.trim() ?? 'unknown',
        cores: cpus().length,
        memoryGigabytes: Number((totalmem() / 2 ** 30).toFixed(1)),
        platform: `${process.platform} ${process.arch}`,
        node: process.versions.node,
        engine,
      },
      config: run.config,
    },
    undefined,
    2,
  )}\n`,
);
for (const [measure, { value, low, high, reference }] of Object.entries(figures)) {
  say(`${measure}: ${value} (${low} to ${high})${reference === undefined ? '' : `, PyTorch ${reference}`}`);
}
say(`training ${trainingSeconds} s; written to ${output}`);
for (const line of missed) say(`missed: ${line}`);
process.exitCode = missed.length === 0 ? 0 : 1;
