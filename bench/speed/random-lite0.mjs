import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../../dist/foundation/files/exists.js';
import { RandomSource } from '../../dist/foundation/random/random-source.js';
import { Graph } from '../../dist/graph/builder/graph.js';
import { exportModel } from '../../dist/graph/export/export-model.js';
import { tensor } from '../../dist/graph/tensor/tensor.js';
import { backboneTable } from '../../dist/ranking/networks/convnets/backbone-table.js';
import { InferenceScope, TrainingScope } from '../../dist/ranking/networks/network-scope.js';

/** The tensor of the file that becomes features. */
export const lite0Cut = 'features';

/**
 * EfficientNet-Lite0 as an ONNX file of somebody else's, with random weights of He's size and statistics that change nothing;
 * made once. How fast it is trained does not depend on its weights.
 *
 * @param {string} work folder that it goes to
 * @param {number} size pixels a side
 */
export async function randomLite0(work, size) {
  const file = path.join(work, `lite0-backbone-${size}.onnx`);
  if (await exists(file)) return file;
  const { build } = backboneTable.of('efficientnet-lite0');
  const settings = { batchNormalization: true, dropout: 0 };
  const scope = new TrainingScope(new Graph());
  build(scope, scope.graph.input('image', 'float32', [1, 3, size, size]), settings);
  const random = RandomSource.fromSeed(0, 'speed');
  const weights = new Map();
  for (const { spec } of scope.parameters.values()) {
    weights.set(spec.name, tensor('float32', spec.shape, Float32Array.from(spec.initializer(spec.shape, random))));
  }
  for (const { spec } of scope.statistics.values()) {
    const value = tensor('float32', spec.shape);
    value.data.fill(spec.initial);
    weights.set(spec.name, value);
  }
  const graph = new Graph();
  const image = graph.input('image', 'float32', ['N', 3, size, size]);
  graph.output(lite0Cut, build(new InferenceScope(graph, weights), image, settings));
  await writeFile(file, exportModel(graph));
  return file;
}
