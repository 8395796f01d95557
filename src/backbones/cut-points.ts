import { neededParts } from '../graph/needed.ts';
import type { Node, Value } from '../graph/value.ts';
import { constantOf } from '../graph/value.ts';
import type { Shape } from '../tensor/shape.ts';
import { sizeOf } from '../tensor/shape.ts';
import { type FeatureKind, featureKindOf } from './feature-vector.ts';
import type { ForeignNetwork } from './foreign-network.ts';
import { type GradientObstacle, gradientObstacles } from './gradient-obstacles.ts';
import { learnableWeights } from './learnable-weights.ts';

/** A tensor that a network can be cut at. */
export interface CutPoint {
  readonly value: Value;
  readonly node: Node;
  readonly shape: Shape;
  readonly kind: FeatureKind;
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
 * The places to cut a network at, in the order in which it computes them: float32 maps [N, C, H, W], tokens [N, T, C] and
 * vectors [N, C] that depend on the pictures alone, C being known.
 *
 * Suggested is the last narrow map or tokens of more than one place, which is what goes into the global pool, and, beside it,
 * the vector that goes into the last layer of a classifier.
 */
export function cutPoints(network: ForeignNetwork): CutPoint[] {
  const { carrying, narrow } = picturesThrough(network);
  const points = network.graph.nodes.flatMap((node) =>
    node.outputs
      .filter((value) => carrying.has(value))
      .flatMap((value) => pointAt(network, node, value, narrow.has(value))),
  );
  const features = points.findLast((point) => point.narrow && hasPlaces(point));
  const vector = points.find(({ value }) => value === classified(network));
  const suggestedFor = (point: CutPoint) =>
    point === features ? ('features' as const) : point === vector ? ('vector' as const) : undefined;
  return points.map((point) => ({ ...point, suggested: suggestedFor(point) }));
}

/** True for maps and tokens of more than one place. */
function hasPlaces({ kind, shape }: CutPoint): boolean {
  if (kind === 'map') return shape[2] !== 1 || shape[3] !== 1;
  return kind === 'tokens' && shape[1] !== 1;
}

function pointAt({ graph, image }: ForeignNetwork, node: Node, value: Value, narrow: boolean): CutPoint[] {
  const { type, shape } = value;
  const kind = featureKindOf(shape);
  const channels = shape[kind === 'tokens' ? 2 : 1];
  if (type !== 'float32' || kind === undefined || typeof channels !== 'number') return [];
  const { inputs, nodes } = neededParts(graph, [value]);
  if (inputs.length !== 1 || inputs[0] !== image || shape[0] !== image.shape[0]) return [];
  const weights = learnableWeights(nodes).map((weight) => weight.value);
  const parameters = weights.reduce((sum, weight) => sum + sizeOf(constantOf(weight)!.shape), 0);
  const obstacles = gradientObstacles(nodes, weights);
  return [{ value, node, shape, kind, narrow, obstacles, parameters, suggested: undefined }];
}

/** Values that carry something of the pictures, and those of them that are, at some moment, all that is left. */
function picturesThrough({ graph, image }: ForeignNetwork) {
  const lastUse = new Map<Value, number>();
  const carrying = new Set([image]);
  for (const [place, node] of graph.nodes.entries()) {
    const carried = node.inputs.filter((input) => input !== undefined && carrying.has(input));
    if (carried.length === 0) continue;
    // A shape or an index is no picture: a node that only asks for the length of an axis keeps nothing alive.
    const pictures = node.outputs.filter(({ type }) => type !== 'int64' && type !== 'bool');
    if (pictures.length > 0) for (const input of carried) lastUse.set(input!, place);
    for (const output of pictures) carrying.add(output);
  }
  for (const value of graph.outputs.values()) lastUse.set(value, graph.nodes.length);
  const alive = new Set([image]);
  const narrow = new Set<Value>();
  for (const [place, node] of graph.nodes.entries()) {
    for (const output of node.outputs) if (lastUse.has(output) && carrying.has(output)) alive.add(output);
    for (const value of alive) if ((lastUse.get(value) ?? -1) <= place) alive.delete(value);
    if (alive.size === 1) for (const value of alive) narrow.add(value);
  }
  narrow.delete(image);
  return { carrying, narrow };
}

/** The input of the last product that a vector goes through: what a classifier's last layer takes. */
function classified({ graph }: ForeignNetwork): Value | undefined {
  const last = graph.nodes.findLast(
    ({ op, outputs }) => (op === 'Gemm' || op === 'MatMul') && outputs[0].shape.length === 2,
  );
  return last?.inputs[0];
}
