import type { Node, Value } from '../../graph/builder/graph.ts';
import { constantOf } from '../../graph/builder/value.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { isStatic, sizeOf } from '../../graph/tensor/shape.ts';
import type { CutPoint } from './cut-point.ts';
import { axisRolesOf, featureAxesOf, featureCount } from './feature-axes.ts';
import { featureKindOf } from './feature-vector.ts';
import type { ForeignNetwork } from './foreign-network.ts';
import { gradientObstacles } from './gradient-obstacles.ts';
import { learnableWeights } from './learnable-weights.ts';
import { picturesThrough } from './pictures-through.ts';
import { bestFeatures } from './suggested-features.ts';

/**
 * The places to cut a network at, in the order in which it computes them: float32 maps of four axes, tokens of three
 * and vectors [N, C] that depend on the pictures alone and are of known lengths. Which axis of a map or of tokens holds the
 * channels follows from the network; see `featureAxesOf`.
 *
 * Suggested are `bestFeatures` and, beside them, the vector that goes into the last layer of a classifier.
 */
export function cutPoints(network: ForeignNetwork): CutPoint[] {
  const { carrying, narrow } = picturesThrough(network);
  const roles = axisRolesOf(network);
  const points = network.graph.nodes.flatMap((node) =>
    node.outputs
      .filter((value) => carrying.has(value))
      .flatMap((value) =>
        pointAt(network, node, value, { narrow: narrow.has(value), axes: featureAxesOf(value, roles.get(value)) }),
      ),
  );
  const features = bestFeatures(network, points);
  const vector = points.find((point) => point.narrow && point.value === classified(network));
  const suggestedFor = (point: CutPoint) =>
    point === features ? ('features' as const) : point === vector ? ('vector' as const) : undefined;
  return points.map((point) => ({ ...point, suggested: suggestedFor(point) }));
}

/**
 * The node of a network that is not read for a reason of its own: the first one, or where weights are damaged, which are no node, the
 * first that they are of. Undefined where all is read.
 */
export function firstUnread({ unread }: Pick<ForeignNetwork, 'unread'>): ForeignNetwork['unread'][number] | undefined {
  return unread.find(({ follows }) => !follows) ?? unread[0];
}

/** Why a network cannot be cut anywhere; undefined if it can be. */
export function noCutReason(network: ForeignNetwork, points: readonly CutPoint[]): string | undefined {
  if (points.length > 0) return undefined;
  return (
    firstUnread(network)?.reason ??
    'no tensor in it is float32 features of the pictures alone: a map, tokens or a vector'
  );
}

function pointAt(
  { graph, image }: ForeignNetwork,
  node: Node,
  value: Value,
  { narrow, axes }: Pick<CutPoint, 'narrow' | 'axes'>,
): CutPoint[] {
  const { type, shape } = value;
  const kind = featureKindOf(shape);
  if (type !== 'float32' || kind === undefined || !isStatic(shape.slice(1))) return [];
  const { inputs, nodes } = neededParts(graph, [value]);
  if (inputs.length !== 1 || inputs[0] !== image || shape[0] !== image.shape[0]) return [];
  const weights = learnableWeights(nodes).map((weight) => weight.value);
  const parameters = weights.reduce((sum, weight) => sum + sizeOf(constantOf(weight)!.shape), 0);
  const obstacles = gradientObstacles(nodes, weights);
  const features = axes && featureCount(value, axes);
  return [{ value, node, shape, kind, axes, features, narrow, obstacles, parameters, suggested: undefined }];
}

/** The input of the last product that a vector goes through: what a classifier's last layer takes. */
function classified({ graph }: ForeignNetwork): Value | undefined {
  const last = graph.nodes.findLast(
    ({ op, outputs }) => (op === 'Gemm' || op === 'MatMul') && outputs[0].shape.length === 2,
  );
  return last?.inputs[0];
}
