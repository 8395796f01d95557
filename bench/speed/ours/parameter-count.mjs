import { Graph } from '../../../dist/graph/builder/graph.js';
import { multiScaleNetwork } from '../../../dist/ranking/networks/multi-scale.js';
import { TrainingScope } from '../../../dist/ranking/networks/network-scope.js';

/**
 * Number of learnt weights of a network's configuration.
 *
 * @param {import('../../../dist/ranking/networks/network-config.js').NetworkConfig} config
 */
export function parameterCount(config) {
  const graph = new Graph();
  const scope = new TrainingScope(graph);
  multiScaleNetwork(scope, graph.input('image', 'float32', [1, 3, config.height, config.width]), config);
  const sizes = [...scope.parameters.values()].map(({ spec }) => spec.shape.reduce((a, b) => a * b, 1));
  return sizes.reduce((a, b) => a + b, 0);
}
