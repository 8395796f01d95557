// Writes into the packaged model what share of pairs at a distance are alike: node tools/packaged-model/calibrate.mjs <folder>
//
// <folder>/unseen is what make-pictures.mjs drew with --unseen: five kinds of pictures, of which the model has learnt none, with as
// many classes of each. Pairs are of one kind: an icon and a texture are told apart by anybody, and would make all icons look
// alike. Embeddings stay as they are. Needs `npm run build`.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { embedLabelled } from '../../dist/app/runs/evaluation/embed-labelled.js';
import { loadModel } from '../../dist/catalogue/embedding/embedder.js';
import { recordCalibration } from '../../dist/catalogue/embedding/model-file.js';
import { fitCalibration } from '../../dist/evaluation.js';
import { loadDataset } from '../../dist/pictures/datasets/load-dataset.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'models/packaged/model.onnx' },
    output: { type: 'string', short: 'o', default: 'models/packaged/model.onnx' },
  },
});
if (positionals.length !== 1) {
  console.error('usage: node tools/packaged-model/calibrate.mjs <folder> [--model model.onnx] [-o model.onnx]');
  process.exit(2);
}
const dataset = await loadDataset(path.join(positionals[0], 'unseen'));
// Pictures are in the order of their names, which begin with the kind.
const kinds = new Map();
for (const { id } of dataset.images) {
  const [kind] = id.split('-');
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
}
const words = [...kinds].map(([kind, count]) => `${count} of kind ${kind}`).join(', ');
const embedder = await loadModel(values.model);
try {
  const { data, dimension, labels } = await embedLabelled(dataset, embedder, {});
  const calibration = fitCalibration({
    ...{ embeddings: data, dimension, labels, parts: [...kinds.values()] },
    distance: embedder.model.metadata.distance,
    seed: 0,
    source: `drawn pictures that the model has not learnt, each with those of its kind (${words})`,
  });
  await recordCalibration(values.model, calibration, values.output);
  const { pairs, baseRate, unsure } = calibration;
  console.log(JSON.stringify({ pairs, baseRate, unsure, steps: calibration.steps.length }));
} finally {
  await embedder.close();
}
