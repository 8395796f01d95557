import { producerOf } from '../../graph/builder/value.ts';
import type { CutPoint } from '../../ranking/backbones/cut-point.ts';
import { cutPoints } from '../../ranking/backbones/cut-points.ts';
import { cutTrunk, type Trunk } from '../../ranking/backbones/trunk.ts';
import type { Pooling } from '../../ranking/networks/trunk-config.ts';

/** Residual sums before the suggested cut that are tried as well. */
const earlier = 4;

/** A trunk that may be chosen, and its name for people. */
export interface CandidateTrunk {
  readonly trunk: Trunk;
  readonly name: string;
}

/**
 * The places of a network whose features are compared, each with its ways to pool; features come to length 1. First the trunk as
 * it comes: its cut, and the mean of the places. Then the same cut pooled otherwise, and, unless somebody chose the cut, the last
 * sums of residual blocks before it: what they carry is often of more use for other pictures than what the last layers have made
 * of it for the classes of their own training.
 *
 * @param trunk the whole of which is frozen.
 * @param chosen true if somebody said where to cut.
 */
export function candidateTrunks(trunk: Trunk, chosen: boolean): CandidateTrunk[] {
  const points = cutPoints(trunk.network);
  const own = points.findIndex(({ value }) => value === trunk.cut);
  const before = chosen ? [] : residualSums(points.slice(0, Math.max(0, own))).slice(-earlier);
  return [
    ...poolingsOf(trunk).map((pooling) => candidate(trunk, trunk.cut.name, pooling)),
    ...before.map(({ value }) => {
      const config = { ...trunk.config, cut: value.name };
      return candidate(cutTrunk(trunk.network, { cut: value, frozen: 'all' }, config), value.name, 'mean');
    }),
  ];
}

function candidate(trunk: Trunk, cut: string, pooling: Pooling): CandidateTrunk {
  const words = { mean: 'mean', 'generalized-mean': 'generalised mean', first: 'first token' }[pooling];
  const pooled = trunk.axes.places.length === 0 ? '' : ` (${words})`;
  return { trunk: { ...trunk, config: { ...trunk.config, pooling, unit: true } }, name: `'${cut}'${pooled}` };
}

function poolingsOf({ cut, axes: { places } }: Trunk): readonly Pooling[] {
  if (places.length === 0) return ['mean'];
  return cut.shape.length === 3 ? ['mean', 'first'] : ['mean', 'generalized-mean'];
}

/** Sums of a block and what goes past it, or what comes right behind them. */
function residualSums(points: readonly CutPoint[]): CutPoint[] {
  const sums = points.filter(({ value, narrow, axes }) => {
    if (!narrow || axes === undefined || axes.places.length === 0) return false;
    const node = producerOf(value);
    return (
      node?.op === 'Add' &&
      node.inputs.every((input) => input !== undefined && input.shape.length === value.shape.length)
    );
  });
  return sums;
}
