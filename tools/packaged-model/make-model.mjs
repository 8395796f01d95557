// Makes the packaged model: node tools/packaged-model/make-model.mjs <folder> --backbone <lite0.onnx> [-o models/packaged/model.onnx]
//
// <folder> is what make-pictures.mjs drew. The backbone is EfficientNet-Lite0 as ONNX, which takes pictures of
// (value / 255 - 0.5) / 0.5. Features are computed once and kept in <folder>. Needs `npm run build`.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { embedAll } from '../../dist/catalogue/embedding/embed-all.js';
import { loadModel } from '../../dist/catalogue/embedding/embedder.js';
import { writeModel } from '../../dist/catalogue/embedding/model-file.js';
import { foldBatchNormalization } from '../../dist/catalogue/quantization/fold-batch-normalization.js';
import { WorkerEngine } from '../../dist/engines/worker/worker-engine.js';
import { loadDataset } from '../../dist/pictures/datasets/load-dataset.js';
import { preprocessingRule } from '../../dist/pictures/preparation/preprocessing-rule.js';
import { inBytes } from './byte-weights.mjs';
import { fitHead } from './fit-head.mjs';
import { embeddingGraph, featuresGraph, networkConfig, openTrunk } from './model-graphs.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backbone: { type: 'string' },
    output: { type: 'string', short: 'o', default: 'models/packaged/model.onnx' },
    threads: { type: 'string', default: '2' },
  },
});
if (positionals.length !== 1 || values.backbone === undefined) {
  console.error(
    'usage: node tools/packaged-model/make-model.mjs <folder> --backbone <lite0.onnx> [-o model.onnx] [--threads 2]',
  );
  process.exit(2);
}
const [folder] = positionals;
await mkdir(path.dirname(values.output), { recursive: true });
const trunk = openTrunk(await readFile(values.backbone));
const dataset = await loadDataset(path.join(folder, 'learn'));
const dataHash = await hashOf(dataset);
const engine = await WorkerEngine.create({ threads: Number(values.threads) });
try {
  const table = await featuresOf(dataset);
  const labels = dataset.images.map(({ label }) => label);
  const weights = await fitHead(engine, table, labels);
  const graph = inBytes(foldBatchNormalization(embeddingGraph(trunk, weights)));
  await writeModel(values.output, graph, await description(dataset, 'packaged'), { engine });
  console.log(`${values.output}: fitted on ${labels.length} pictures of ${dataset.classes.length} classes`);
} finally {
  await engine.close();
}

/** The features of all pictures; those of an earlier call with the same pictures and backbone are read. */
async function featuresOf({ images }) {
  const model = path.join(folder, 'features.onnx');
  await writeModel(model, featuresGraph(trunk), await description({ images }, 'features'), { engine });
  const key = createHash('sha256').update(`${dataHash} ${trunk.config.sha256}`).digest('hex').slice(0, 16);
  const kept = path.join(folder, `features-${key}.bin`);
  const embedder = await loadModel(model, { engine });
  try {
    const { dimension } = embedder;
    const there = await readFile(kept).catch(() => undefined);
    if (there?.length === images.length * dimension * 4) {
      return { dimension, data: new Float32Array(there.buffer, there.byteOffset, there.length / 4) };
    }
    const paths = images.map(({ source }) => source.path);
    const { data } = await embedAll(embedder, paths);
    await writeFile(kept, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return { dimension, data };
  } finally {
    await embedder.close();
  }
}

async function description({ images, classes = [] }, name) {
  const network = networkConfig(trunk);
  return {
    description:
      name === 'packaged'
        ? 'EfficientNet-Lite0 of ImageNet with a head fitted on icons, emoji, things in scenes and textures: for pictures of any kind.'
        : 'Features that the packaged model is fitted on.',
    attribution: await credits(),
    preprocessing: preprocessingRule(network.width, network.height),
    distance: 'euclidean',
    embeddingBatch: 4,
    network,
    training: { kind: 'closed-form', pictures: images.length, classes: classes.length },
    seed: null,
    dataHash,
    evaluation: {},
  };
}

/** SHA-256 over the pictures' names and bytes. */
async function hashOf({ images }) {
  const hash = createHash('sha256');
  for (const { id, source } of images) hash.update(`${id}\n`).update(await readFile(source.path));
  return hash.digest('hex');
}

/** Whom the weights and the pictures are from. */
async function credits() {
  const table = await readFile(path.join(folder, 'sources.md'), 'utf8');
  const sets = [...table.matchAll(/^\| (@\S+ \S+) \| (.*) \| (\S+) \| \d+ \|$/gm)].map(
    ([, name, author, licence]) => `${name} by ${author} (${licence})`,
  );
  return `EfficientNet-Lite0 by the TensorFlow authors (Apache-2.0). Fitted on pictures drawn from ${sets.join(', ')}.`;
}
