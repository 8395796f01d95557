// How far the heat-maps of two pictures go along with occlusion: each window of a picture is covered in turn, and the loss of
// likeness compared with the heat in it, by Spearman's rank correlation over the windows. 50 pairs of emoji: one thing, two
// designers. Needs a build. `node bench/explanation/heat-map.mjs [model.onnx]` writes bench/results/heat-map-<name>.json.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { emojiPictures } from '../../dist/app/demo/emoji.js';
import { Explainer } from '../../dist/catalogue/explanation/explainer.js';
import { OnnxruntimeEngine } from '../../dist/engines/onnxruntime/onnxruntime-engine.js';
import { RandomSource } from '../../dist/foundation/random/random-source.js';

const root = path.resolve(import.meta.dirname, '../..');
const [, , model = 'models/packaged/model.onnx', count = '50'] = process.argv;
const pairs = Number(count);
const { pictures, size } = await emojiPictures(path.join(root, 'demo/pictures'));
const engine = await OnnxruntimeEngine.create({ threads: 2 });
const explainer = await Explainer.open(path.join(root, model), engine);
const random = RandomSource.fromSeed(0, 'pairs of emoji');
const image = ({ pixels }) => ({ width: size, height: size, channels: 3, data: pixels });
const correlations = { covering: [], gradient: [] };
const began = performance.now();
while (correlations.covering.length < pairs) {
  const one = pictures[random.integer(pictures.length)];
  const others = pictures.filter(({ label, set }) => label === one.label && set !== one.set);
  if (others.length === 0) continue;
  const { first, second } = await explainer.explain(image(one), image(others[random.integer(others.length)]));
  for (const [by, of] of Object.entries(correlations)) of.push((first[by].agreement + second[by].agreement) / 2);
}
const figuresOf = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return { mean: values.reduce((sum, value) => sum + value, 0) / pairs, median: sorted[pairs >> 1], least: sorted[0] };
};
const figures = {
  model,
  pairs,
  secondsAPair: (performance.now() - began) / 1000 / pairs,
  covering: figuresOf(correlations.covering),
  gradient: figuresOf(correlations.gradient),
};
console.log(JSON.stringify(figures));
if (pairs === 50) {
  const name = path.basename(path.dirname(model));
  const results = { command: `node bench/explanation/heat-map.mjs ${model}`, ...figures, correlations };
  writeFileSync(path.join(root, `bench/results/heat-map-${name}.json`), `${JSON.stringify(results, null, 2)}\n`);
}
await explainer.close();
await engine.close();
