import { ModelError } from '../../foundation/errors/model-error.ts';
import type { Node, Value } from '../../graph/builder/graph.ts';
import { producerOf } from '../../graph/builder/value.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { formatShape } from '../../graph/tensor/shape.ts';
import type { TrunkConfig } from '../networks/trunk-config.ts';
import { axisRolesOf, type FeatureAxes, featureAxesAt, featureAxesOf } from './feature-axes.ts';
import { featureKindOf } from './feature-vector.ts';
import type { ForeignNetwork } from './foreign-network.ts';
import { type GradientObstacle, gradientObstacles } from './gradient-obstacles.ts';
import { type LearnableWeight, learnableWeights } from './learnable-weights.ts';

/** A foreign network up to a cut, and which of its weights are learnt. */
export interface Trunk {
  readonly network: ForeignNetwork;
  readonly config: TrunkConfig;
  readonly cut: Value;
  /** Where the cut's features are. */
  readonly axes: FeatureAxes;
  /** What the cut is computed by, in an order in which it can run. */
  readonly nodes: readonly Node[];
  readonly constants: readonly Value[];
  readonly learnt: readonly LearnableWeight[];
}

/**
 * Cuts a network: `cut` is the tensor that becomes features; what `frozen` is computed from keeps its weights, or all, or
 * nothing.
 *
 * @throws if the cut is no features of the pictures, or needs another input than them; if the frozen tensor does not lie
 * before the cut; or if a weight is to be learnt that no gradient can reach, naming the node and what to freeze.
 */
export function cutTrunk(
  network: ForeignNetwork,
  { cut, frozen }: { readonly cut: Value; readonly frozen: 'all' | 'none' | Value },
  config: TrunkConfig,
): Trunk {
  const needed = neededParts(network.graph, [cut]);
  checkCut(network, cut, needed.inputs);
  const axes = chosenAxes(network, cut, config);
  const learnt = frozen === 'all' ? [] : learntWeights(needed.nodes, frozen, cut);
  const obstacle = gradientObstacles(
    needed.nodes,
    learnt.map(({ value }) => value),
  ).at(-1);
  if (obstacle !== undefined) throw new ModelError(obstacleMessage(obstacle, cut));
  return { network, config, cut, axes, nodes: needed.nodes, constants: needed.constants, learnt };
}

function learntWeights(nodes: readonly Node[], frozen: 'none' | Value, cut: Value): LearnableWeight[] {
  if (frozen === 'none') return learnableWeights(nodes);
  const kept = neededParts(frozen.graph, [frozen]);
  const before = new Set(nodes);
  if (frozen !== cut && !kept.nodes.every((node) => before.has(node))) {
    throw new ModelError(
      `cannot freeze everything up to '${frozen.name}', for it does not lie before the cut at '${cut.name}': freeze up to a tensor that does`,
    );
  }
  const fixed = new Set(kept.constants);
  return learnableWeights(nodes).filter(({ value }) => !fixed.has(value));
}

/** The axes that somebody chose, or those that follow from the network. @throws if neither says which are channels. */
function chosenAxes(network: ForeignNetwork, cut: Value, { cutChannels }: TrunkConfig): FeatureAxes {
  const found = featureAxesOf(cut, axisRolesOf(network).get(cut));
  if (cutChannels === undefined) {
    if (found !== undefined) return found;
    throw new ModelError(
      `which axis of '${cut.name}' ${formatShape(cut.shape)} holds channels does not follow from the network (after ${producerOf(cut)?.op}, axes have no certain meaning): say which one with choices.trunk.cutChannels, counted from 0, or cut somewhere else`,
    );
  }
  if (cutChannels < cut.shape.length) return featureAxesAt(cut, cutChannels);
  throw new ModelError(
    `'${cut.name}' ${formatShape(cut.shape)} has no axis ${cutChannels}: use 1 to ${cut.shape.length - 1}`,
  );
}

function checkCut({ image }: ForeignNetwork, cut: Value, inputs: readonly Value[]): void {
  const other = inputs.find((input) => input !== image);
  if (other !== undefined) {
    throw new ModelError(
      `the tensor '${cut.name}' needs the input '${other.name}' besides pictures: cut before it is used, or make it a constant of the model`,
    );
  }
  if (inputs.length === 0)
    throw new ModelError(`the tensor '${cut.name}' does not depend on the pictures: cut somewhere else`);
  if (cut.type !== 'float32' || featureKindOf(cut.shape) === undefined) {
    throw new ModelError(
      `the tensor '${cut.name}' is ${cut.type} of ${cut.shape.length} axes, but features are float32: a map of four axes, tokens [N, T, C] or a vector [N, C]`,
    );
  }
}

function obstacleMessage({ node, reason }: GradientObstacle, cut: Value): string {
  const output = node.outputs[0];
  const instead = output === cut ? '' : `freeze up to it with choices.trunk.freeze: '${output.name}', or `;
  return `no gradient goes through node '${node.name}' (${node.op}), which lies behind weights that are to be learnt: ${reason}; ${instead}freeze everything with choices.trunk.freeze: 'all'`;
}
