// Makes test/golden/former: a stopped run, a finished run and a store as the version of this clone writes them, for
// test/former-files.test.ts, which opens them with every later version. Made by commit f71b093:
//
//   npm run build && node test/golden/former.mjs /former && cp -r /former test/golden
//
// Runs and stores name files by absolute paths, so the argument says in which new folder they are made.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import {
  conv,
  exportModel,
  flatten,
  float32,
  Graph,
  globalAveragePool,
  readSafetensors,
  relu,
} from '../../dist/graph.js';
import { loadModel, loadTrainingMaterial, openCatalogue, train } from '../../dist/index.js';

const [folder] = process.argv.slice(2);
const at = (...names) => path.join(folder, ...names);
await mkdir(folder);

/** A number from -1 to 1 that `seed` decides. */
const hashed = (seed) => {
  const scrambled = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) ^ 0x297a2d39;
  return ((Math.imul(scrambled ^ (scrambled >>> 12), 0x297a2d39) >>> 0) / 2 ** 32) * 2 - 1;
};

/** Four classes of six pictures of 16 x 16: a colour each, and noise. */
const size = 16;
for (const [label, name] of ['amber', 'blue', 'coral', 'dun'].entries()) {
  await mkdir(at('pictures', name), { recursive: true });
  for (let number = 0; number < 6; number++) {
    const pixels = Uint8Array.from({ length: size * size * 3 }, (_, k) => {
      const shade = 128 + 90 * hashed(31 * label + (k % 3) + 7);
      return Math.min(255, Math.max(0, shade + 30 * hashed(1000 * (6 * label + number) + Math.floor(k / 24) + 99)));
    });
    const picture = sharp(pixels, { raw: { width: size, height: size, channels: 3 } });
    await picture.png({ compressionLevel: 9 }).toFile(at('pictures', name, `${number}.png`));
  }
}

/** A backbone of two convolutions, a few hundred weights: what a run, a model and a store are small with. */
const graph = new Graph();
const weight = (name, shape) => {
  const length = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({ length }, (_, k) => 0.4 * hashed(k + 1000 * shape[0]));
  return graph.constant(float32(shape, values), name);
};
const image = graph.input('image', 'float32', ['N', 3, size, size]);
const padded = { pads: [1, 1, 1, 1] };
const first = relu(
  conv(image, weight('first', [8, 3, 3, 3]), weight('first_bias', [8]), { ...padded, strides: [2, 2] }),
);
const second = relu(conv(first, weight('second', [8, 8, 3, 3]), weight('second_bias', [8]), padded));
graph.output('vector', flatten(globalAveragePool(second)));
await writeFile(at('backbone.onnx'), exportModel(graph));

const choices = {
  trunk: { file: at('backbone.onnx'), cut: 'vector', freeze: 'none' },
  paths: 'none',
  embeddingDimension: 8,
  heldOut: 0.25,
  evaluateEveryEpochs: 1,
  threads: 1,
  steps: 8,
};
const material = await loadTrainingMaterial(at('pictures'));

/** AdamW, cosine, a batch of classes, full augmentation: the preset `small`. It runs to its end. */
const ended = await train({ material, folder: at('ended'), choices: { ...choices, rows: 12, imagesPerClass: 4 } });

/** SGD by steps, triplets by relevance, an embedding of two parts. It is stopped behind its fourth step. */
const stop = new AbortController();
await train({
  material,
  folder: at('stopped'),
  choices: {
    ...choices,
    loss: 'hinge',
    sampler: 'relevance',
    relevance: 'pixels',
    outOfClass: 0.5,
    relevanceMargin: 0,
    rows: 12,
    optimizer: 'sgd',
    momentum: 0.8,
    schedule: 'step',
    clipNorm: 1,
    augmentation: undefined,
  },
  signal: stop.signal,
  onEvent: (event) => {
    if (event.kind === 'step' && event.progress.step === 4) stop.abort();
  },
});

const model = await loadModel(ended.run.model);
const catalogue = await openCatalogue(at('store.lance'), { model });
await catalogue.index(at('pictures'));
const query = at('pictures', 'coral', '3.png');
const found = await catalogue.search(query, 5);
const embedding = [...(await model.embedImage(query))];
await catalogue.close();
await model.close();

// What this version makes of the stopped run, so that a later one can be compared with it.
await cp(at('stopped'), at('resumed'), { recursive: true });
const resumed = await train({ material, folder: at('resumed'), resume: true });
const { tensors } = await readSafetensors(at('resumed', 'checkpoint.safetensors'));
const weights = Object.fromEntries(
  [...tensors].map(([name, { data }]) => [name, data.reduce((sum, x) => sum + Math.abs(x), 0)]),
);
const measured = ({ measures }) =>
  Object.fromEntries(Object.entries(measures).map(([name, { value }]) => [name, value]));
await writeFile(
  at('expected.json'),
  `${JSON.stringify(
    {
      search: found.map(({ id, distance }) => ({ id, distance })),
      embedding,
      ended: measured(ended.evaluation),
      resumed: measured(resumed.evaluation),
      resumedWeights: weights,
    },
    null,
    2,
  )}\n`,
);
for (const name of ['resumed', 'ended/report.html']) await rm(at(name), { recursive: true });
console.log((await readFile(at('expected.json'), 'utf8')).slice(0, 2000));
