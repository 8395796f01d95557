// Seconds from a folder of class folders to a judged model: demo-training.mjs <pictures> <run folder> <steps> <threads> <preset> [engine]
import { rm } from 'node:fs/promises';
import { loadDataset, splitByClassHash, train } from '../../../dist/index.js';
import { selectClasses } from '../../../dist/pictures/datasets/select-classes.js';
import { judgeModel } from '../../judge-model.mjs';
import { say } from './say.mjs';

const [pictures, folder, steps, threads, preset, engine = 'auto'] = process.argv.slice(2);
const started = performance.now();
await rm(folder, { recursive: true, force: true });
const dataset = await loadDataset(pictures);
const split = splitByClassHash(dataset.classes);
const learnt = selectClasses(dataset, split.train);
const result = await train({
  material: { dataset: learnt, triplets: undefined },
  folder,
  choices: {
    preset,
    seed: 0,
    heldOut: 0,
    steps: Number(steps),
    threads: Number(threads),
    engine,
  },
});
// By the engine that trained it.
const options = { threads: Number(threads), seed: 0, onednn: result.config.engine.onednn !== undefined };
const { report } = await judgeModel(result.run.model, selectClasses(dataset, split.test), options);
const seconds = (performance.now() - started) / 1000;
say(seconds, {
  trainingSeconds: result.outcome.seconds,
  parameters: result.outcome.parameterCount,
  trainImages: learnt.images.length,
  testImages: report.images,
  steps: Number(steps),
  imagesThroughNetwork: result.outcome.images,
  recallAt1: report.measures.recallAt1.value,
  recallAt5: report.measures.recallAt5.value,
  mapAtR: report.measures.mapAtR.value,
});
