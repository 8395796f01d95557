import type { Node, Value } from '../../graph/builder/graph.ts';
import type { ForeignNetwork } from './foreign-network.ts';

/** A value of the graph, or the name of one of the file's that could not be read. */
type Carrier = Value | string;

interface Step {
  readonly inputs: readonly Carrier[];
  /** Outputs that carry something of the pictures if an input does. */
  readonly outputs: readonly Carrier[];
}

/** Which values carry something of the pictures, and those of them that are, at some moment, all that is left. */
export interface PicturesThrough {
  readonly carrying: ReadonlySet<Value | string>;
  readonly narrow: ReadonlySet<Value | string>;
}

/**
 * Follows the pictures through a network, also through nodes that could not be read: what such a node takes is needed until
 * then, and what it gives may be a way past everything behind it.
 */
export function picturesThrough({ graph, image, unread }: ForeignNetwork): PicturesThrough {
  const steps = stepsOf(graph.nodes, unread);
  const lastUse = new Map<Carrier, number>();
  const carrying = new Set<Carrier>([image]);
  for (const [place, { inputs, outputs }] of steps.entries()) {
    const carried = inputs.filter((input) => carrying.has(input));
    if (carried.length === 0) continue;
    if (outputs.length > 0) for (const input of carried) lastUse.set(input, place);
    for (const output of outputs) carrying.add(output);
  }
  for (const value of graph.outputs.values()) lastUse.set(value, steps.length);
  // Where an unread value goes is not known if nothing reads it: it may be an output of the file.
  for (const value of carrying) if (typeof value === 'string' && !lastUse.has(value)) lastUse.set(value, steps.length);
  const alive = new Set<Carrier>([image]);
  const narrow = new Set<Carrier>();
  for (const [place, { outputs }] of steps.entries()) {
    for (const output of outputs) if (lastUse.has(output) && carrying.has(output)) alive.add(output);
    for (const value of alive) if ((lastUse.get(value) ?? -1) <= place) alive.delete(value);
    if (alive.size === 1) for (const value of alive) narrow.add(value);
  }
  narrow.delete(image);
  return { carrying, narrow };
}

/** The nodes of the graph and those of the file that are not in it, in the file's order. */
function stepsOf(nodes: readonly Node[], unread: ForeignNetwork['unread']): Step[] {
  const known: Step[] = nodes.map(({ inputs, outputs }) => ({
    inputs: inputs.filter((input) => input !== undefined),
    // A shape or an index is no picture: a node that only asks for the length of an axis keeps nothing alive.
    outputs: outputs.filter(({ type }) => type !== 'int64' && type !== 'bool'),
  }));
  const steps: Step[] = [];
  let taken = 0;
  for (const { inputs, outputs, place } of unread) {
    steps.push(...known.slice(taken, place), { inputs, outputs });
    taken = place;
  }
  return [...steps, ...known.slice(taken)];
}
