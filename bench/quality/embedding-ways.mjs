import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { embedLabelled } from '../../dist/app/runs/evaluation/embed-labelled.js';
import { untouchedFeatures } from '../../dist/app/runs/untrained/untouched-features.js';
import { OneDnnEngine } from '../../dist/engines/onednn/onednn-engine.js';
import { evaluateEmbeddings, loadDataset, loadModel, OnnxruntimeEngine } from '../../dist/index.js';
import { imagePlaces } from '../../dist/pictures/datasets/image-place.js';
import { PixelCache } from '../../dist/pictures/preparation/pixel-cache.js';
import { PreparationPool } from '../../dist/pictures/preparation/preparation-pool.js';
import { preprocessingRule } from '../../dist/pictures/preparation/preprocessing-rule.js';
import { chooseTrunk } from '../../dist/training/planning/open-trunk.js';

// Recall@1 and MAP@R of embeddings by oneDNN, whose library LOOKALIKE_ONEDNN names: in float32, in bfloat16, and in float32 from
// pictures that their decoder scales. Of model files, and of a backbone's untouched features.
//   node bench/quality/embedding-ways.mjs <folder of class folders>... -o embedding-ways.json
//     [--model model.onnx]... [--backbone lite0.onnx --cut pooled --normalize half --size 128]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', short: 'o' },
    model: { type: 'string', multiple: true, default: [] },
    backbone: { type: 'string' },
    cut: { type: 'string', default: 'pooled' },
    normalize: { type: 'string', default: 'half' },
    size: { type: 'string', multiple: true, default: ['128'] },
    ways: { type: 'string', default: 'float32,bfloat16,scaled' },
  },
});
if (positionals.length === 0 || values.output === undefined) {
  console.error(
    'usage: node bench/quality/embedding-ways.mjs <pictures>... -o out.json [--model m.onnx] [--backbone b.onnx]',
  );
  process.exit(2);
}
const known = {
  float32: { precision: 'float32', decode: 'exact' },
  bfloat16: { precision: 'bfloat16', decode: 'exact' },
  scaled: { precision: 'float32', decode: 'scaled' },
};
const threads = 2;
const judge = await OnnxruntimeEngine.create({ threads });
const rows = [];
for (const folder of positionals) {
  const dataset = await loadDataset(folder);
  for (const way of values.ways.split(',')) {
    for (const model of values.model)
      await add(folder, path.basename(path.dirname(model)), way, byModel(dataset, model, known[way]));
    if (values.backbone === undefined) continue;
    for (const size of values.size) {
      const name = `${path.basename(values.backbone, '.onnx')} ${size}`;
      await add(folder, name, way, byBackbone(dataset, Number(size), known[way]));
    }
  }
}

await judge.close();

async function add(folder, model, way, embedding) {
  const { data, dimension, labels, computed } = await embedding;
  const report = await evaluateEmbeddings({ embeddings: data, dimension, labels, engine: judge, ks: [1] });
  const { recallAt1, mapAtR } = report.measures;
  const set = folder.split(path.sep).slice(-2).join('/');
  rows.push({ set, model, way, images: report.images, recallAt1: recallAt1.value, mapAtR: mapAtR.value, computed });
  writeFileSync(values.output, `${JSON.stringify(rows, null, 2)}\n`);
  console.log(set, model, way, recallAt1.value.toFixed(4), mapAtR.value.toFixed(4), computed);
}

async function byModel(dataset, file, { precision, decode }) {
  const embedder = await loadModel(file, { engine: 'onednn', precision, decode, threads });
  const found = { ...(await embedLabelled(dataset, embedder, {})), computed: embedder.engineRemark };
  await embedder.close();
  return found;
}

async function byBackbone(dataset, size, { precision, decode }) {
  const { backbone: file, cut, normalize: normalization } = values;
  const { trunk } = await chooseTrunk({ file, cut, freeze: 'all', normalization }, { size, augmented: false });
  const engine = await OneDnnEngine.create({ threads, precision });
  const preparation = new PreparationPool(threads);
  const pixels = new PixelCache(dataset, preprocessingRule(size, size, 'stretch', decode), { preparation });
  const { data, dimension } = await untouchedFeatures(engine, trunk, pixels, imagePlaces(dataset));
  for (let row = 0; row < dataset.images.length; row++) {
    const vector = data.subarray(row * dimension, (row + 1) * dimension);
    const length = Math.hypot(...vector);
    for (let place = 0; place < dimension; place++) vector[place] /= length;
  }
  await preparation.close();
  await engine.close();
  return { data, dimension, labels: dataset.images.map(({ label }) => label), computed: engine.description };
}
