import { RandomSource } from '../../../dist/foundation/random/random-source.js';
import { tensor } from '../../../dist/graph/tensor/tensor.js';
import { evaluationGraph } from '../../../dist/training/step/network-graphs.js';

/**
 * Random weights for a network's configuration, by name, of He's size; running statistics as they begin.
 *
 * @param {import('../../../dist/ranking/networks/network-config.js').NetworkConfig} network
 */
export function randomWeights(network) {
  const random = RandomSource.fromSeed(0, 'speed');
  const weights = new Map();
  for (const { name, shape } of evaluationGraph({ network }, 1).inputs) {
    if (name === 'image') continue;
    const sizes = shape.map(Number);
    const value = tensor('float32', sizes);
    if (/running_variance$|norm\.scale$/.test(name)) value.data.fill(1);
    else if (sizes.length > 1) {
      const widest = Math.sqrt(6 / sizes.slice(1).reduce((a, b) => a * b, 1));
      for (let place = 0; place < value.data.length; place++) value.data[place] = random.between(-widest, widest);
    }
    weights.set(name, value);
  }
  return weights;
}
