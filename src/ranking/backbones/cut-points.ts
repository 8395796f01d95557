import type { Node, Value } from '../../graph/builder/graph.ts';
import { constantOf } from '../../graph/builder/value.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { isFloating } from '../../graph/tensor/element-type.ts';
import type { Shape } from '../../graph/tensor/shape.ts';
import { isStatic, sizeOf } from '../../graph/tensor/shape.ts';
import { axisRolesOf, type FeatureAxes, featureAxesOf, featureCount } from './feature-axes.ts';
import { type FeatureKind, featureKindOf } from './feature-vector.ts';
import type { ForeignNetwork } from './foreign-network.ts';
import { type GradientObstacle, gradientObstacles } from './gradient-obstacles.ts';
import { learnableWeights } from './learnable-weights.ts';
import { picturesThrough } from './pictures-through.ts';

/** A tensor that a network can be cut at. */
export interface CutPoint {
  readonly value: Value;
  readonly node: Node;
  readonly shape: Shape;
  readonly kind: FeatureKind;
  /** Which axes are its features; undefined where that does not follow from the network. */
  readonly axes: FeatureAxes | undefined;
  /** How many features it gives; undefined where the axes are. */
  readonly features: number | undefined;
  /** Everything that follows goes through it: it is not inside a block that something bypasses. */
  readonly narrow: boolean;
  /** Nodes before it that no gradient goes through; none if everything before it can be trained. */
  readonly obstacles: readonly GradientObstacle[];
  /** Weights before it that can be learnt. */
  readonly parameters: number;
  /** `features`: the best place. `vector`: what the classifier takes. */
  readonly suggested: 'features' | 'vector' | undefined;
}

/**
 * The places to cut a network at, in the order in which it computes them: float32 maps of four axes, tokens of three
 * and vectors [N, C] that depend on the pictures alone and are of known lengths. Which axis of a map or of tokens holds the
 * channels follows from the network; see `featureAxesOf`.
 *
 * Suggested is the last narrow map or tokens of more than one place, which is what goes into the global pool, and, beside it,
 * the vector that goes into the last layer of a classifier.
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
  const features = points.findLast((point) => point.narrow && hasPlaces(point) && holdsMost(network, point));
  const vector = points.find((point) => point.narrow && point.value === classified(network));
  const suggestedFor = (point: CutPoint) =>
    point === features ? ('features' as const) : point === vector ? ('vector' as const) : undefined;
  return points.map((point) => ({ ...point, suggested: suggestedFor(point) }));
}

/** Why a network cannot be cut anywhere; undefined if it can be. */
export function noCutReason(network: ForeignNetwork, points: readonly CutPoint[]): string | undefined {
  if (points.length > 0) return undefined;
  const unread = network.unread.find(({ follows }) => !follows);
  return unread?.reason ?? 'no tensor in it is float32 features of the pictures alone: a map, tokens or a vector';
}

/** True unless what cannot be read has more weights than lie before the cut: then the features that matter are behind it. */
function holdsMost({ graph, unread }: ForeignNetwork, { value }: CutPoint): boolean {
  if (unread.length === 0) return true;
  const elements = (values: Iterable<Value>) =>
    [...values].reduce((sum, each) => {
      const tensor = constantOf(each);
      return tensor !== undefined && isFloating(tensor.type) ? sum + tensor.data.length : sum;
    }, 0);
  const behind = new Set(unread.flatMap(({ inputs }) => inputs).filter((input) => typeof input !== 'string'));
  return elements(behind) <= elements(neededParts(graph, [value]).constants);
}

/** True for maps and tokens of more than one place whose channels are known. */
function hasPlaces({ axes, shape }: CutPoint): boolean {
  return axes?.places.some((axis) => shape[axis] !== 1) ?? false;
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
