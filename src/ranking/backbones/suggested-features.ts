import type { Graph, Value } from '../../graph/builder/graph.ts';
import { constantOf, producerOf } from '../../graph/builder/value.ts';
import { neededParts } from '../../graph/export/needed.ts';
import type { CutPoint } from './cut-point.ts';
import type { ForeignNetwork } from './foreign-network.ts';

/**
 * The best place to cut a network at: the last narrow map or tokens of more than one place, which is what goes into the global
 * pool, if at least half of the weights that work on maps and tokens lie before it. They do not where paths run beside each other,
 * as in a multi-scale network, whose last narrow map is the picture: there it is the first narrow vector with half of them before
 * it, in which the paths meet. Never is it a place before which there are no weights. Tokens that are only a projection of others,
 * as the keys and values of a pool by attention are, give way to those.
 *
 * @returns undefined where there is no such place.
 */
export function bestFeatures(network: ForeignNetwork, points: readonly CutPoint[]): CutPoint | undefined {
  const maps = points.filter(hasPlaces);
  const all = weightsBefore(
    network.graph,
    maps.map(({ value }) => value),
  );
  const deep = ({ value, narrow }: CutPoint) => {
    if (!narrow) return false;
    const before = weightsBefore(network.graph, [value]);
    return before > 0 && 2 * before >= all && before >= weightsUnread(network);
  };
  const map = maps.findLast(deep);
  return projectedBy(map, maps) ?? map ?? points.find((point) => point.kind === 'vector' && deep(point));
}

/** The narrow tokens that some tokens are a product of with weights, and maybe a bias on it; undefined where they are none. */
function projectedBy(point: CutPoint | undefined, maps: readonly CutPoint[]): CutPoint | undefined {
  if (point?.kind !== 'tokens') return undefined;
  const [sum] = operandsOf(point.value, 'Add');
  const [tokens] = operandsOf(sum ?? point.value, 'MatMul');
  return maps.find(({ value, narrow }) => narrow && value === tokens);
}

/** What a node of an operator works on, where the other operand is a weight; empty for any other node. */
function operandsOf(value: Value, op: 'Add' | 'MatMul'): Value[] {
  const node = producerOf(value);
  if (node?.op !== op) return [];
  const operands = node.inputs.filter((input) => input !== undefined);
  const others = operands.filter((input) => constantOf(input) === undefined);
  return others.length === 1 && operands.length === 2 ? others : [];
}

/** True for maps and tokens of more than one place whose channels are known. */
function hasPlaces({ axes, shape }: CutPoint): boolean {
  return axes?.places.some((axis) => shape[axis] !== 1) ?? false;
}

/** Numbers that the file has before some values: all but single ones, such as a factor of 1/255, and those of shapes and indices. */
export function weightsBefore(graph: Graph, values: readonly Value[]): number {
  return values.length === 0 ? 0 : weightsIn(neededParts(graph, values).constants);
}

/** Weights of what cannot be read: where they are more than lie before a cut, the features that matter are behind it. */
function weightsUnread({ unread }: ForeignNetwork): number {
  return weightsIn(new Set(unread.flatMap(({ inputs }) => inputs).filter((input) => typeof input !== 'string')));
}

function weightsIn(values: Iterable<Value>): number {
  return [...values].reduce((sum, value) => {
    const tensor = constantOf(value);
    if (tensor === undefined || tensor.type === 'int64' || tensor.type === 'bool' || tensor.data.length === 1)
      return sum;
    return sum + tensor.data.length;
  }, 0);
}
