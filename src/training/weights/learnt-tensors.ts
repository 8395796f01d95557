import { Graph } from '../../graph/builder/graph.ts';
import type { StaticShape } from '../../graph/tensor/shape.ts';
import { multiScaleNetwork } from '../../ranking/networks/multi-scale.ts';
import type { NetworkConfig } from '../../ranking/networks/network-config.ts';
import { TrainingScope } from '../../ranking/networks/network-scope.ts';

/** A tensor that a network learns or measures in training. */
export interface LearntTensor {
  readonly name: string;
  readonly shape: StaticShape;
}

/** Every parameter and statistic of a network, in the order in which it is built. */
export function learntTensors(config: NetworkConfig): LearntTensor[] {
  const graph = new Graph();
  const scope = new TrainingScope(graph, false);
  multiScaleNetwork(scope, graph.input('image', 'float32', [1, 3, config.height, config.width]), config);
  return [...scope.parameters.values(), ...scope.statistics.values()].map(({ spec: { name, shape } }) => ({
    name,
    shape,
  }));
}
