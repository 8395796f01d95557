import path from 'node:path';
import { benchConfig } from '../../dist/app/machine-speed/step-speed.js';
import { writeModel } from '../../dist/catalogue/embedding/model-file.js';
import { OnnxruntimeEngine } from '../../dist/engines/onnxruntime/onnxruntime-engine.js';
import { exists } from '../../dist/foundation/files/exists.js';
import { modelGraph } from '../../dist/training/step/network-graphs.js';
import { lite0Config } from './lite0.mjs';
import { randomWeights } from './ours/random-weights.mjs';

/**
 * A model file of a preset's network, or of EfficientNet-Lite0 at 224 x 224, with random weights; made once.
 *
 * @param {string} work folder that it goes to
 * @param {'article' | 'small' | 'lite0'} name
 */
export async function randomModel(work, name) {
  const file = path.join(work, `${name}.onnx`);
  if (await exists(file)) return file;
  const config = name === 'lite0' ? lite0Config(224, 2) : benchConfig(name, 2);
  const engine = await OnnxruntimeEngine.create();
  const description = {
    description: 'Random weights, for measuring speed.',
    attribution: '',
    preprocessing: config.preprocessing,
    distance: 'euclidean',
    embeddingBatch: 16,
    network: config.network,
    training: {},
    seed: null,
    dataHash: null,
    evaluation: {},
  };
  await writeModel(file, modelGraph(config, randomWeights(config.network)), description, { engine });
  await engine.close();
  return file;
}
