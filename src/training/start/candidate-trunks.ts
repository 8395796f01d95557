import { constantOf } from '../../graph/builder/value.ts';
import { neededParts } from '../../graph/export/needed.ts';
import type { CutPoint } from '../../ranking/backbones/cut-point.ts';
import { cutPoints } from '../../ranking/backbones/cut-points.ts';
import { gridSide } from '../../ranking/backbones/feature-vector.ts';
import { weightsBefore } from '../../ranking/backbones/suggested-features.ts';
import { cutTrunk, type Trunk } from '../../ranking/backbones/trunk.ts';
import type { Pooling } from '../../ranking/networks/trunk-config.ts';

/** Residual sums before the suggested cut that are tried as well. */
const earlier = 4;

/** Which of them is tried as a grid, from the last: it knows parts, and still where they are. */
const ofGrid = 3;

/** Features of a cut, at most: comparing takes time with the square of their number. */
const mostFeatures = 2560;

/** A trunk that may be chosen, and its name for people. */
export interface CandidateTrunk {
  readonly trunk: Trunk;
  readonly name: string;
}

/**
 * The places of a network whose features are compared, each with its ways to pool; features come to length 1. First the trunk as
 * it comes: its cut, and the mean of the places. Then the same cut pooled otherwise, and, unless somebody chose the cut:
 *
 * - where it is a vector, the last of the maps or tokens before it that most weights lie before;
 * - the last sums of residual blocks before it: what they carry is often of more use for other pictures than what the last
 *   layers have made of it for the classes of their own training; one of them also as a grid of places, by which pictures of one
 *   layout (playing cards, signs, forms) are told apart;
 * - what comes out of the network, where that is a vector: of a model of ours its embedding, so that what goes on from a model is
 *   not below it. It is the first where the cut has too many features to be compared.
 *
 * @param trunk the whole of which is frozen.
 * @param chosen true if somebody said where to cut.
 */
export function candidateTrunks(trunk: Trunk, chosen: boolean): CandidateTrunk[] {
  if (chosen) return pooled(trunk);
  const points = cutPoints(trunk.network);
  const own = points.findIndex(({ value }) => value === trunk.cut);
  const before = points.slice(0, Math.max(0, own));
  const at = ({ value }: CutPoint) =>
    cutTrunk(trunk.network, { cut: value, frozen: 'all' }, { ...trunk.config, cut: value.name });
  const places = ({ axes }: CutPoint) => axes !== undefined && axes.places.length > 0;
  const maps = trunk.axes.places.length > 0 ? [] : before.filter(places);
  const weights = maps.map(({ value }) => weightsBefore(trunk.network.graph, [value]));
  const map = maps[weights.lastIndexOf(Math.max(...weights))];
  const end = map ?? points[own];
  const sums = residualSums(before, end).slice(-earlier);
  const gridded = [sums.at(-ofGrid) ?? sums[0]].filter((point) => point !== undefined && hasGrid(point));
  const out = points.slice(own + 1).filter((point) => point === points.at(-1) && point.kind === 'vector');
  const few = (points[own]?.features ?? 0) <= mostFeatures;
  const others = [
    ...(map === undefined ? [] : pooled(at(map))),
    ...sums.map((point) => candidate(at(point), point.value.name, 'mean')),
    ...gridded.map((point) => candidate(at(point), point.value.name, 'grid')),
  ];
  const whole = out.flatMap((point) => pooled(at(point)));
  return few || whole.length === 0 ? [...pooled(trunk), ...others, ...whole] : [...whole, ...others];
}

/** True of maps whose cells have places, and whose features are not too many. */
function hasGrid({ value: { shape }, axes, features }: CutPoint): boolean {
  const lengths = axes?.places.map((axis) => shape[axis]) ?? [];
  const fine = lengths.length === 2 && lengths.every((length) => typeof length === 'number' && length >= gridSide);
  return fine && features !== undefined && features * gridSide ** 2 <= mostFeatures;
}

/** A trunk with each way to pool its places. */
const pooled = (trunk: Trunk): CandidateTrunk[] =>
  poolingsOf(trunk).map((pooling) => candidate(trunk, trunk.cut.name, pooling));

function candidate(trunk: Trunk, cut: string, pooling: Pooling): CandidateTrunk {
  const words = {
    mean: 'mean',
    'generalized-mean': 'generalised mean',
    first: 'first token',
    grid: 'grid of 3 x 3 places',
  }[pooling];
  const how = trunk.axes.places.length === 0 ? '' : ` (${words})`;
  return { trunk: { ...trunk, config: { ...trunk.config, pooling, unit: true } }, name: `'${cut}'${how}` };
}

function poolingsOf({ cut, axes: { places } }: Trunk): readonly Pooling[] {
  if (places.length === 0) return ['mean'];
  return cut.shape.length === 3 ? ['mean', 'first'] : ['mean', 'generalized-mean'];
}

/** Sums of a block and what goes past it, on the way to a map, but not the map itself. */
function residualSums(points: readonly CutPoint[], end: CutPoint | undefined): CutPoint[] {
  if (end === undefined) return [];
  const way = new Set(neededParts(end.value.graph, [end.value]).nodes);
  return points.filter(({ value, node, axes }) => {
    if (node.op !== 'Add' || value === end.value || !way.has(node)) return false;
    const both = node.inputs.every(
      (input) => input !== undefined && constantOf(input) === undefined && input.shape.length === value.shape.length,
    );
    return both && axes !== undefined && axes.places.length > 0;
  });
}
