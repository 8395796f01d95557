import { backward } from '../../graph/autodiff/backward.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { lengthOf, reduceSum } from '../../graph/builder/operations.ts';
import { TrainingScope } from '../networks/network-scope.ts';
import type { Trunk } from './trunk.ts';
import { trunkFeatures } from './trunk-features.ts';

/**
 * Builds a trunk for two pictures, with its gradients, and throws it away: whatever can be wrong with it shows here.
 *
 * @returns how many features it gives.
 * @throws as `trunkFeatures` and `backward` do.
 */
export function checkTrunk(trunk: Trunk): number {
  const graph = new Graph();
  const scope = new TrainingScope(graph);
  const image = graph.input('image', 'float32', [2, 3, trunk.network.height, trunk.network.width]);
  const features = trunkFeatures(scope, image, trunk);
  const parameters = [...scope.parameters.values()].map(({ value }) => value);
  if (parameters.length > 0) backward(reduceSum(features), parameters);
  return lengthOf(features, 1);
}
