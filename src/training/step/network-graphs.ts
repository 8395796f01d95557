import { backward } from '../../graph/autodiff/backward.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { add, cast, div, mul, reduceMean, reduceSum, sub, transpose } from '../../graph/builder/operations.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import { colourInputs, recolourImages } from '../../pictures/augmentation/recolour-images.ts';
import { checkTrunk } from '../../ranking/backbones/check-trunk.ts';
import type { Trunk } from '../../ranking/backbones/trunk.ts';
import { featuresOfCuts, trunkFeatures } from '../../ranking/backbones/trunk-features.ts';
import type { RankingLoss } from '../../ranking/losses/loss.ts';
import type { ConvNet } from '../../ranking/networks/convnets/define-backbone.ts';
import { multiScaleNetwork } from '../../ranking/networks/multi-scale.ts';
import { InferenceScope, TrainingScope } from '../../ranking/networks/network-scope.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';

// The graphs of a training run. Names of inputs: a parameter's or a statistic's own; `image`; the augmentation's; a mask's;
// the loss's; `features` where a frozen trunk's are cached. Names of outputs: `gradient:<parameter>`, `next:<statistic>`.

/** Name of the output that carries a parameter's gradient. */
export const gradientOf = (parameter: string) => `gradient:${parameter}`;
/** Name of the output that carries a statistic's successor. */
export const nextOf = (statistic: string) => `next:${statistic}`;
/** Name of the input that carries what earlier slices added to a parameter's gradient. */
export const accumulatorOf = (parameter: string) => `so_far:${parameter}`;

/** A backbone that is given with the configuration that names it: an ONNX file's, or one that this program's table lacks. */
export type GivenBackbone = Trunk | ConvNet;

/** A graph with the scope its network was built in. */
export interface NetworkGraph {
  readonly graph: Graph;
  readonly scope: TrainingScope;
}

/**
 * One step for a whole batch: augmentation, network, loss, and the loss's gradient by every parameter. Outputs besides the
 * gradients and statistics: `loss`, `active` (share of active terms), `spread` (variance of the embeddings: 0 where all are
 * equal, near 1 where they fill the sphere) and, for a loss with a memory, `embedding`.
 */
export function stepGraph(
  config: TrainingConfig,
  loss: RankingLoss,
  rows: number,
  backbone?: GivenBackbone,
): NetworkGraph {
  const { graph, scope, embedding } = trainingEmbedding(config, rows, backbone);
  const { loss: value, activeShare } = loss.build(embedding, scope);
  reportLoss(graph, embedding, value, activeShare);
  if (loss.memoryRows > 0) graph.output('embedding', embedding);
  outputGradients(graph, scope, value);
  return { graph, scope };
}

/**
 * One slice of a step whose loss is a mean over triplets: as `stepGraph`, with every gradient times `share` added to
 * `keep` times what the slices before gave (`so_far:<parameter>`); `keep` is 0 in the first slice and 1 after it.
 */
export function sliceGraph(
  config: TrainingConfig,
  loss: RankingLoss,
  rows: number,
  share: number,
  backbone?: GivenBackbone,
): NetworkGraph {
  const { graph, scope, embedding } = trainingEmbedding(config, rows, backbone);
  const { loss: value, activeShare } = loss.build(embedding, scope);
  reportLoss(graph, embedding, value, activeShare);
  accumulate(graph, scope, value, undefined, share);
  return { graph, scope };
}

/** The embeddings of a slice of a batch as training sees them: first pass of a step with a loss over the whole batch. */
export function embedSliceGraph(config: TrainingConfig, rows: number, backbone?: GivenBackbone): NetworkGraph {
  const { graph, scope, embedding } = trainingEmbedding(config, rows, backbone);
  graph.output('embedding', embedding);
  return { graph, scope };
}

/**
 * The loss of a whole batch and its gradient by the embeddings: second pass. Input `embedding`, [rows, D]. The scope has what
 * the loss learns itself, whose gradients are outputs, too.
 */
export function lossGraph(config: TrainingConfig, loss: RankingLoss, rows: number): NetworkGraph {
  const graph = new Graph();
  const scope = new TrainingScope(graph);
  const embedding = graph.input('embedding', 'float32', [rows, config.network.embeddingDimension]);
  const { loss: value, activeShare } = loss.build(embedding, scope);
  reportLoss(graph, embedding, value, activeShare);
  const [gradient] = outputGradients(graph, scope, value, [embedding]);
  graph.output('gradient', gradient);
  return { graph, scope };
}

/** Carries a slice's share of the embeddings' gradient (input `seed`) back to the parameters: third pass. */
export function backwardSliceGraph(config: TrainingConfig, rows: number, backbone?: GivenBackbone): NetworkGraph {
  const { graph, scope, embedding } = trainingEmbedding(config, rows, backbone);
  const seed = graph.input('seed', 'float32', [rows, config.network.embeddingDimension]);
  accumulate(graph, scope, embedding, seed, 1);
  return { graph, scope };
}

/** The network as it stands, for judging it during a run: weights are inputs, nothing is augmented or dropped. */
export function evaluationGraph(
  config: Pick<TrainingConfig, 'network'>,
  rows: number,
  backbone?: GivenBackbone,
): Graph {
  const graph = new Graph();
  const scope = new TrainingScope(graph, false);
  const image = imageInput(graph, config, rows);
  graph.output('embedding', multiScaleNetwork(scope, image, config.network, trainingConvNet(backbone)));
  return graph;
}

/** The model file's graph: uint8 [N, H, W, 3] to float32 [N, D], weights inside. */
export function modelGraph(
  config: Pick<TrainingConfig, 'network'>,
  weights: ReadonlyMap<string, Tensor>,
  backbone?: GivenBackbone,
): Graph {
  const graph = new Graph();
  const image = imageInput(graph, config, 'N');
  const scope = new InferenceScope(graph, weights);
  const convNet = backbone && ('build' in backbone ? backbone : trunkConvNet(backbone));
  graph.output('embedding', multiScaleNetwork(scope, image, config.network, convNet));
  return graph;
}

/** As `evaluationGraph`, weights inside: what a run has learnt, of a cached trunk from its `features`. */
export function trainedGraph(
  config: Pick<TrainingConfig, 'network'>,
  weights: ReadonlyMap<string, Tensor>,
  rows: number,
  backbone?: GivenBackbone,
): Graph {
  const graph = new Graph();
  const image = imageInput(graph, config, rows);
  const scope = new InferenceScope(graph, weights);
  graph.output('embedding', multiScaleNetwork(scope, image, config.network, trainingConvNet(backbone)));
  return graph;
}

/** The size of the pictures that a network takes. */
export interface PictureSize {
  readonly network: Pick<TrainingConfig['network'], 'width' | 'height'>;
}

/** What a frozen trunk makes of pictures: uint8 [rows, H, W, 3] to the output `features`, [rows, F]. */
export function featuresGraph(config: PictureSize, rows: number, trunk: Trunk): Graph {
  const graph = new Graph();
  const image = imageInput(graph, config, rows);
  graph.output('features', trunkFeatures(new InferenceScope(graph, new Map()), image, trunk));
  return graph;
}

/** What several cuts of a frozen trunk make of pictures, side by side, and behind them the unlearnt parts; as `featuresGraph`. */
export function candidatesGraph(config: Pick<TrainingConfig, 'network'>, rows: number, cuts: readonly Trunk[]): Graph {
  const graph = new Graph();
  const image = imageInput(graph, config, rows);
  graph.output('features', featuresOfCuts(new InferenceScope(graph, new Map()), image, cuts));
  return graph;
}

const trunkConvNet = (trunk: Trunk): ConvNet => ({
  build: (scope, image) => trunkFeatures(scope, image, trunk),
  pixels: 'unit',
});

/** The backbone in training; of a trunk perhaps what it has been known to make of these pictures. */
function trainingConvNet(backbone: GivenBackbone | undefined): ConvNet | undefined {
  if (backbone === undefined || 'build' in backbone) return backbone;
  if (!backbone.config.cached) return trunkConvNet(backbone);
  const length = checkTrunk(backbone);
  return { build: ({ graph }, image) => graph.input('features', 'float32', [image.shape[0], length]), pixels: 'unit' };
}

function imageInput(graph: Graph, { network }: PictureSize, rows: number | string): Value {
  const bytes = graph.input('image', 'uint8', [rows, network.height, network.width, 3]);
  return div(cast(transpose(bytes, [0, 3, 1, 2]), 'float32'), 255);
}

function trainingEmbedding(config: TrainingConfig, rows: number, backbone: GivenBackbone | undefined) {
  const graph = new Graph();
  const scope = new TrainingScope(graph);
  const image = imageInput(graph, config, rows);
  const change = colourInputs(graph, config.augmentation, rows);
  const augmented = change === undefined ? image : recolourImages(image, change);
  const embedding = multiScaleNetwork(scope, augmented, config.network, trainingConvNet(backbone));
  for (const [name, { next }] of scope.statistics) graph.output(nextOf(name), next);
  return { graph, scope, embedding };
}

/** Makes the gradient by every parameter an output; returns those by other values, in their order. */
function outputGradients(graph: Graph, scope: TrainingScope, loss: Value, others: readonly Value[] = []): Value[] {
  const parameters = [...scope.parameters.values()];
  const gradients = backward(loss, [...parameters.map(({ value }) => value), ...others]);
  for (const [index, { spec }] of parameters.entries()) graph.output(gradientOf(spec.name), gradients[index]);
  return gradients.slice(parameters.length);
}

function reportLoss(graph: Graph, embedding: Value, loss: Value, activeShare: Value): void {
  const centre = reduceMean(embedding, [0]);
  graph.output('loss', loss);
  graph.output('active', activeShare);
  graph.output('spread', sub(1, reduceSum(mul(centre, centre))));
}

function accumulate(graph: Graph, scope: TrainingScope, target: Value, seed: Value | undefined, share: number): void {
  const keep = graph.input('keep', 'float32', []);
  const parameters = [...scope.parameters.values()];
  const gradients = backward(
    target,
    parameters.map((parameter) => parameter.value),
    seed === undefined ? {} : { seed },
  );
  for (const [index, { spec }] of parameters.entries()) {
    const soFar = graph.input(accumulatorOf(spec.name), 'float32', spec.shape);
    const gradient = share === 1 ? gradients[index] : mul(gradients[index], share);
    graph.output(gradientOf(spec.name), add(gradient, mul(soFar, keep)));
  }
}
