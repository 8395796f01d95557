// Trains a head on a frozen network from an ONNX file, on 2,000 emoji of the demo's first half, and judges it on the unseen
// second half. Figures, seconds, machine and command go to
// bench/results/backbone/<name>-seed-<seed>.json. After `npm run build`:
//
//   python bench/backbone/export-efficientnet-lite0.py efficientnet-lite0.onnx
//   node bench/backbone/frozen-head.mjs efficientnet-lite0.onnx --cut <tensor> --normalize half
//
// --images <n>     pictures to learn from, default 2000 (whole concepts, so a few more or less)
// --size <pixels>  default 128
// --steps <n>      default 300
// --seed <n>       default 0
// --threads <n>    default 2
// --paths <kind>   default none
// --work <folder>  for pictures, features and runs; default lookalike-backbone in the system's folder for temporary files
// --output <file>  default as above
//
// The features are computed anew, then found in the cache by a second run, which has to end with the same weights.
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { emojiPictures } from '../../dist/app/demo/emoji.js';
import { trainRun } from '../../dist/app/runs/train-run.js';
import { loadDataset, splitByClassHash } from '../../dist/index.js';
import { selectClasses } from '../../dist/pictures/datasets/select-classes.js';
import { readCheckpoint } from '../../dist/training/loop/checkpoint.js';
import { judgeModel } from '../judge-model.mjs';

const text = /** @type {const} */ ({ type: 'string' });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cut: text,
    normalize: { type: 'string', default: 'imagenet' },
    images: { type: 'string', default: '2000' },
    size: { type: 'string', default: '128' },
    steps: { type: 'string', default: '300' },
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
    paths: { type: 'string', default: 'none' },
    work: text,
    output: text,
  },
});
const [file] = positionals;
if (positionals.length !== 1 || values.cut === undefined) throw new Error('give one ONNX file, and --cut');
const [images, size, steps, seed, threads] = [
  values.images,
  values.size,
  values.steps,
  values.seed,
  values.threads,
].map(Number);
const name = path.basename(file, '.onnx');
const output =
  values.output ?? fileURLToPath(new URL(`../results/backbone/${name}-seed-${seed}.json`, import.meta.url));
const work = values.work ?? path.join(tmpdir(), 'lookalike-backbone');
const seconds = (from) => Number(((performance.now() - from) / 1000).toFixed(1));

const folder = path.join(work, `emoji-${size}`);
await emojiPictures(folder, { size });
const dataset = await loadDataset(folder);
const split = splitByClassHash(dataset.classes);
const counts = new Map();
for (const { label } of dataset.images) {
  const concept = dataset.classes[label];
  counts.set(concept, (counts.get(concept) ?? 0) + 1);
}
let kept = 0;
const concepts = split.train.filter((concept) => {
  if (kept >= images) return false;
  kept += counts.get(concept);
  return true;
});
const learnt = selectClasses(dataset, concepts);
await rm(path.join(work, 'features'), { recursive: true, force: true });

async function go(runName) {
  const run = path.join(work, runName);
  await rm(run, { recursive: true, force: true });
  const started = performance.now();
  let [featureStart, featureEnd, computed] = [0, 0, 0];
  const result = await trainRun({
    material: { dataset: learnt, triplets: undefined },
    folder: run,
    choices: {
      preset: 'small',
      size,
      steps,
      seed,
      threads,
      paths: values.paths,
      heldOut: 0,
      trunk: { file, cut: values.cut, normalization: values.normalize },
    },
    featureCache: { folder: path.join(work, 'features') },
    onPlan: () => {
      featureStart = performance.now();
    },
    onProgress: ({ work, done }) => {
      if (!work.startsWith('features')) return;
      featureEnd = performance.now();
      computed = done;
    },
  });
  const digest = createHash('sha256');
  const { tensors } = await readCheckpoint(path.join(run, 'checkpoint.safetensors'));
  for (const [, { data }] of tensors) digest.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return {
    model: result.run.model,
    wholeSeconds: seconds(started),
    featureSeconds: computed === 0 ? 0 : Number(((featureEnd - featureStart) / 1000).toFixed(1)),
    featuresComputed: computed,
    headSeconds: Number(result.outcome.seconds.toFixed(1)),
    stepsPerEpoch: result.config.stepsPerEpoch,
    weights: digest.digest('hex'),
  };
}

const first = await go('first');
const second = await go('second');
if (second.weights !== first.weights) throw new Error('the run on cached features has other weights');
if (second.featuresComputed !== 0) throw new Error('the second run computed features again');

const { report } = await judgeModel(first.model, selectClasses(dataset, split.test), { threads, seed });
const result = {
  command: `node bench/backbone/frozen-head.mjs ${name}.onnx --cut ${values.cut} --normalize ${values.normalize} --images ${images} --size ${size} --steps ${steps} --seed ${seed} --paths ${values.paths}`,
  machine: `${cpus()[0].model}, ${threads} threads, Node ${process.version}`,
  images: learnt.images.length,
  concepts: concepts.length,
  size,
  steps,
  seed,
  first: { ...first, model: undefined },
  second: { ...second, model: undefined },
  headSecondsPerEpoch: Number(((first.headSeconds * first.stepsPerEpoch) / steps).toFixed(2)),
  judgedOn: { images: report.images, concepts: report.classes },
  measures: report.measures,
};
await mkdir(path.dirname(output), { recursive: true });
await writeFile(output, `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
