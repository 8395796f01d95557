import type { Value } from '../../graph/builder/graph.ts';
import { keepsShape } from '../../graph/import/shape-keeping.ts';
import type { Dimension } from '../../graph/tensor/shape.ts';
import { outputRoles } from './axis-role-rules.ts';
import { type AxisRoles, axisOf, roleOf } from './axis-roles.ts';
import type { ForeignNetwork } from './foreign-network.ts';

/**
 * What the axes of a network's tensors count, as far as it follows from its structure: from the order of the picture's axes
 * through convolutions, products, transpositions, reshapes and means.
 */
export function axisRolesOf({ graph, image, layout }: ForeignNetwork): ReadonlyMap<Value, AxisRoles> {
  const picture =
    layout === 'nchw'
      ? (['batch', 'channel', 'place', 'place'] as const)
      : (['batch', 'place', 'place', 'channel'] as const);
  const known = new Map<Value, AxisRoles>([[image, image.shape.map((length, axis) => axisOf(length, picture[axis]))]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => input && known.get(input));
    const outputs = outputRoles(node, inputs, keepsShape(node.op, node.kind === 'opaque' ? node.domain : ''));
    for (const [place, output] of node.outputs.entries()) {
      const roles = outputs[place];
      if (roles !== undefined) known.set(output, roles);
    }
  }
  return known;
}

/** Where the features of a tensor are: axes that count channels, the others being averaged over. */
export interface FeatureAxes {
  /** Axes that count channels, in order; at least one. */
  readonly channels: readonly number[];
  /** Axes of places, of more than one or of one. */
  readonly places: readonly number[];
}

/**
 * The axes of a tensor [N, ...] of two to four axes. A vector's second one is its features. Of maps and tokens each axis has to be
 * known to count channels or places; one of length 1 may be either.
 *
 * @returns undefined where that is not known of an axis, or no axis counts channels.
 */
export function featureAxesOf({ shape }: Value, roles: AxisRoles | undefined): FeatureAxes | undefined {
  if (shape.length === 2) return { channels: [1], places: [] };
  if (roles === undefined) return undefined;
  const inside = shape.map((_, axis) => axis).slice(1);
  const channels = inside.filter((axis) => roleOf(roles[axis]) === 'channel');
  const places = inside.filter((axis) => roleOf(roles[axis]) === 'place' || roles[axis].length === 0);
  return channels.length > 0 && channels.length + places.length === inside.length ? { channels, places } : undefined;
}

/** The axes where somebody says which one counts the channels. */
export function featureAxesAt({ shape }: Value, channel: number): FeatureAxes {
  const inside = shape.map((_, axis) => axis).slice(1);
  return { channels: [channel], places: inside.filter((axis) => axis !== channel) };
}

/** How many features the axes give; undefined if a length is open. */
export function featureCount({ shape }: Value, { channels }: FeatureAxes): number | undefined {
  const lengths: Dimension[] = channels.map((axis) => shape[axis]);
  return lengths.every((length) => typeof length === 'number')
    ? lengths.reduce((all, length) => all * length, 1)
    : undefined;
}
