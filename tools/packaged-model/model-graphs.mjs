import { createHash } from 'node:crypto';
import { Graph } from '../../dist/graph/builder/graph.js';
import { cast, div, l2Normalize, transpose } from '../../dist/graph/builder/operations.js';
import { openForeignNetwork } from '../../dist/ranking/backbones/foreign-network.js';
import { cutTrunk } from '../../dist/ranking/backbones/trunk.js';
import { trunkFeatures } from '../../dist/ranking/backbones/trunk-features.js';
import { joinedParts } from '../../dist/ranking/networks/joined-parts.js';
import { InferenceScope } from '../../dist/ranking/networks/network-scope.js';
import { smallContourLength } from '../../dist/ranking/networks/unlearnt/small-contours.js';

/** Pixels along a side of the network's pictures. */
const side = 224;
/** Features of the trunk; those of contours stand behind them. */
export const featureCount = 1280;
/** Numbers of the embedding; those of contours among them, and their share of the squared distance. */
export const dimension = 256;
export const contours = { dimension: 64, share: 0.2, features: smallContourLength(side, side) };

/** EfficientNet-Lite0 up to its last maps, pooled by their generalised mean, with contours beside it; nothing learns. */
export function openTrunk(bytes) {
  const network = openForeignNetwork(bytes, { size: side });
  const values = network.graph.nodes.flatMap(({ outputs }) => outputs);
  const cut = values.findLast(({ shape }) => shape.length === 4 && shape[2] > 1 && shape[3] > 1);
  if (cut?.shape[1] !== featureCount) {
    throw new Error(
      `the backbone's last maps are ${cut?.shape}, not [N, ${featureCount}, 7, 7]: give EfficientNet-Lite0`,
    );
  }
  const config = {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    cut: cut.name,
    frozen: 'all',
    layout: network.layout,
    channels: 'rgb',
    mean: [0.5, 0.5, 0.5],
    deviation: [0.5, 0.5, 0.5],
    cached: true,
    pooling: 'generalized-mean',
    unit: true,
    contours,
  };
  return cutTrunk(network, { cut, frozen: 'all' }, config);
}

/** The network's configuration, as a model file states it. */
export function networkConfig(trunk) {
  return {
    backbone: 'onnx',
    paths: 'none',
    width: side,
    height: side,
    embeddingDimension: dimension,
    batchNormalization: false,
    dropout: 0,
    pixelMean: 0,
    pixelDeviation: 1,
    grey: false,
    trunk: trunk.config,
  };
}

/** Pictures to features of the trunk and of contours, side by side, the whole of unit length: what the head is fitted on. */
export function featuresGraph(trunk) {
  const { graph, scope, image } = begun(new Map());
  graph.output('embedding', l2Normalize(trunkFeatures(scope, image, trunk)));
  return graph;
}

/** Pictures to embeddings. @param weights `embedding` and `contours`: `.weight` and `.bias` of each. */
export function embeddingGraph(trunk, weights) {
  const { graph, scope, image } = begun(weights);
  const features = trunkFeatures(scope, image, trunk);
  graph.output('embedding', joinedParts(scope, features, dimension, { contours }));
  return graph;
}

function begun(weights) {
  const graph = new Graph();
  const pixels = graph.input('image', 'uint8', ['N', side, side, 3]);
  const image = div(transpose(cast(pixels, 'float32'), [0, 3, 1, 2]), 255);
  return { graph, scope: new InferenceScope(graph, weights), image };
}
