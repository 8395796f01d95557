import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { emojiPictures } from '../../dist/app/demo/emoji.js';
import { loadDataset, splitByClassHash, train } from '../../dist/index.js';
import { selectClasses } from '../../dist/pictures/datasets/select-classes.js';
import { judgeModel } from '../judge-model.mjs';

// What the demo trains and how it is judged, by oneDNN, whose library LOOKALIKE_ONEDNN names, in float32 and in bfloat16. The
// model is judged by onnxruntime, in float32.
//   node bench/quality/demo-precisions.mjs <folder for the emoji> -o demo-precisions.json [--seeds 0,1,2] [--preset contour]
// May be stopped and started again: what the file has is not done anew.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', short: 'o' },
    seeds: { type: 'string', default: '0,1,2' },
    precisions: { type: 'string', default: 'float32,bfloat16' },
    preset: { type: 'string', default: 'contour' },
    steps: { type: 'string' },
  },
});
const [pictures] = positionals;
if (pictures === undefined || values.output === undefined) {
  console.error('usage: node bench/quality/demo-precisions.mjs <folder> -o demo-precisions.json [--seeds 0,1,2]');
  process.exit(2);
}
await emojiPictures(pictures, {});
const dataset = await loadDataset(pictures);
const split = splitByClassHash(dataset.classes);
const [learnt, judged] = [split.train, split.test].map((classes) => selectClasses(dataset, classes));
const done = existsSync(values.output) ? JSON.parse(readFileSync(values.output, 'utf8')) : [];
for (const seed of values.seeds.split(',').map(Number)) {
  for (const precision of values.precisions.split(',')) {
    const same = { preset: values.preset, seed, precision };
    if (done.some((one) => Object.entries(same).every(([name, value]) => one[name] === value))) continue;
    const folder = mkdtempSync(path.join(tmpdir(), 'lookalike-precision-'));
    const steps = values.steps === undefined ? {} : { steps: Number(values.steps) };
    const choices = { preset: values.preset, weights: 'none', seed, heldOut: 0, threads: 2, ...steps };
    const { run, outcome } = await train({
      material: { dataset: learnt, triplets: undefined },
      folder,
      choices: { ...choices, engine: 'onednn', precision },
    });
    const { report } = await judgeModel(run.model, judged, { threads: 2, seed: 0 });
    const { recallAt1, mapAtR, similarityPrecision } = report.measures;
    const { onednn } = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')).engine;
    const measures = { recallAt1, mapAtR, similarityPrecision };
    done.push({ ...same, ...measures, trainingSeconds: outcome.seconds, engine: onednn });
    writeFileSync(values.output, `${JSON.stringify(done, null, 2)}\n`);
    console.log(seed, precision, recallAt1.value, mapAtR.value, `${outcome.seconds.toFixed(0)} s`);
    rmSync(folder, { recursive: true });
  }
}
