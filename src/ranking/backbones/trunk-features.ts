import { ModelError } from '../../foundation/errors/model-error.ts';
import { copyNode } from '../../graph/builder/copy-node.ts';
import type { Node, OpaqueNode, Value } from '../../graph/builder/graph.ts';
import {
  add,
  cast,
  concat,
  div,
  expand,
  floor,
  gather,
  int64,
  lengthOf,
  sub,
  transpose,
} from '../../graph/builder/operations.ts';
import { constantOf } from '../../graph/builder/value.ts';
import { neededParts } from '../../graph/export/needed.ts';
import type { ValueType } from '../../graph/shape-inference/rule.ts';
import { type Dimension, formatShape, isStatic } from '../../graph/tensor/shape.ts';
import { float32 } from '../../graph/tensor/tensor.ts';
import type { NetworkScope } from '../networks/network-scope.ts';
import { configuredParts, possibleParts, unlearntParts } from '../networks/unlearnt/unlearnt-parts.ts';
import { featureVector } from './feature-vector.ts';
import type { Trunk } from './trunk.ts';

/** Name of a weight of the file among the network's parameters. */
export const parameterOf = (weight: Value) => `backbone.${weight.name}`;

/** What multiplies the learning rate of the file's weights: they know something, and the head behind them nothing yet. */
export const trunkRate = 0.1;

/**
 * The features of a trunk: its nodes, appended to the scope's graph. Learnt weights are parameters that begin as the file's;
 * everything else is constant. Batch normalisation always uses the file's mean and variance, dropout drops nothing: what is
 * learnt is the network as it is used. Behind them stand those of the unlearnt parts that the trunk's configuration has.
 *
 * Shapes: image [N, 3, H, W], RGB, values in 0..1, to [N, C].
 * @throws if the file's nodes do not take a batch of N pictures.
 */
export function trunkFeatures(scope: NetworkScope, image: Value, trunk: Trunk): Value {
  const vector = vectorAtCut(copiedTrunk(scope, image, trunk), image, trunk);
  const parts = configuredParts(trunk.config).map(([name]) => unlearntParts[name].build(image));
  return parts.length === 0 ? vector : concat([vector, ...parts], 1);
}

/**
 * The features of several cuts of one network, side by side, and behind them those of all unlearnt parts that pictures of this size
 * can have: every node once.
 *
 * @param cuts trunks of one network, all of whose weights are frozen.
 */
export function featuresOfCuts(scope: NetworkScope, image: Value, cuts: readonly Trunk[]): Value {
  const [first] = cuts;
  const { nodes, constants } = neededParts(
    first.network.graph,
    cuts.map(({ cut }) => cut),
  );
  const copies = copiedTrunk(scope, image, { ...first, nodes, constants });
  const parts = possibleParts(lengthOf(image, 2), lengthOf(image, 3)).map((name) => unlearntParts[name].build(image));
  return concat([...cuts.map((cut) => vectorAtCut(copies, image, cut)), ...parts], 1);
}

/** The trunk's values in the scope's graph, by those of the file's. */
function copiedTrunk(scope: NetworkScope, image: Value, trunk: Trunk): ReadonlyMap<Value, Value> {
  const { graph } = scope;
  const copies = new Map<Value, Value>();
  for (const { value, decays } of trunk.learnt) {
    const tensor = constantOf(value)!;
    const initial = () => Float32Array.from(tensor.data as Float32Array);
    copies.set(value, scope.parameter(parameterOf(value), tensor.shape, initial, { decays, rate: trunkRate }));
  }
  for (const value of trunk.constants) {
    if (!copies.has(value)) copies.set(value, graph.constant(constantOf(value)!, parameterOf(value)));
  }
  copies.set(trunk.network.image, preparedImage(image, trunk));
  for (const node of trunk.nodes) copyInto(node, copies, image.shape[0], scope);
  return copies;
}

function vectorAtCut(copies: ReadonlyMap<Value, Value>, { shape: [batch] }: Value, trunk: Trunk): Value {
  const features = copies.get(trunk.cut)!;
  if (features.shape[0] !== batch) {
    throw new ModelError(
      `the tensor '${trunk.cut.name}' has ${features.shape[0]} rows for ${batch} pictures: the model was exported for a fixed number of pictures, or mixes them; export it with an open batch axis, or cut before that happens`,
    );
  }
  const vector = featureVector(features, trunk.axes, trunk.config);
  if (typeof vector.shape[1] === 'number') return vector;
  throw new ModelError(
    `the number of features of '${trunk.cut.name}', of the shape ${formatShape(trunk.cut.shape)}, is not known before the model runs: cut somewhere else`,
  );
}

function copyInto(node: Node, copies: Map<Value, Value>, batch: Dimension, { graph }: NetworkScope): void {
  const inputs = node.inputs.map((input) => input && copies.get(input)!);
  const name = `backbone.${node.name}`;
  if (node.kind === 'operator' && node.op === 'Dropout') {
    copies.set(node.outputs[0], inputs[0]!);
    return;
  }
  if (node.kind === 'operator' && node.op === 'BatchNormalization') {
    const attributes = { ...(node.attributes as { epsilon: number }), trainingMode: 0, momentum: 0.9 };
    copies.set(node.outputs[0], graph.apply('BatchNormalization', inputs, attributes, { name })[0]);
    return;
  }
  const types = node.kind === 'opaque' ? withBatch(node, batch) : node.outputs;
  // What an open batch kept from being one of ours.
  if (node.kind === 'opaque' && node.op === 'Expand' && node.domain === '' && isStatic(types[0].shape)) {
    copies.set(node.outputs[0], expand(inputs[0]!, types[0].shape));
    return;
  }
  const outputs = explaining(batch, () => copyNode(node, inputs, graph, { name, types }));
  for (const [index, output] of node.outputs.entries()) copies.set(output, outputs[index]);
}

/** Types of a foreign operator's outputs; a first axis of open length is the batch. */
function withBatch({ outputs }: OpaqueNode, batch: Dimension): ValueType[] {
  return outputs.map(({ type, shape }) => ({
    type,
    shape: shape.map((length, axis) => (axis === 0 && typeof length === 'string' ? batch : length)),
  }));
}

/** Pictures as the file takes them. */
function preparedImage(image: Value, { network, config }: Trunk): Value {
  const { graph } = image;
  const perChannel = (values: readonly number[], name: string) => graph.constant(float32([1, 3, 1, 1], values), name);
  const normalized = div(
    sub(image, perChannel(config.mean, 'backbone.pixel_mean')),
    perChannel(config.deviation, 'backbone.pixel_deviation'),
  );
  const ordered = config.channels === 'rgb' ? normalized : gather(normalized, int64(normalized, [2, 1, 0]), 1);
  const laid = network.layout === 'nchw' ? ordered : transpose(ordered, [0, 2, 3, 1]);
  return network.image.type === 'uint8' ? cast(floor(add(laid, 0.5)), 'uint8') : laid;
}

function explaining<T>(batch: Dimension, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ModelError(
      `the model cannot take ${batch} pictures at once: ${(error as Error).message}; if it was exported for a fixed number of pictures, export it with an open batch axis`,
      { cause: error },
    );
  }
}
