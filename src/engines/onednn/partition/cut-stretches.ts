import type { Node, OperatorNode, Value } from '../../../graph/builder/graph.ts';
import { producerOf } from '../../../graph/builder/value.ts';
import { isLargeLoop, type Suitability, suitability, type Thresholds, workOf, workOfLoop } from './suited-nodes.ts';

/** Nodes that run one after the other in one engine. */
export interface Stretch {
  readonly engine: 'onednn' | 'foreign';
  readonly nodes: readonly Node[];
}

/** Cuts a graph's nodes into stretches of either engine; see `cutStretches` and `cutLoops`. */
export type Cut = (
  nodes: readonly Node[],
  outputs: Iterable<Value>,
  thresholds: Thresholds,
  refused?: ReadonlySet<Node>,
) => Stretch[];

/**
 * Cuts a graph's nodes, in an order in which they can run, into stretches of either engine, as few as a walk finds that goes on
 * in one engine as long as anything there can run. A stretch of oneDNN's without enough work goes to the other engine.
 *
 * @param outputs of the graph.
 * @param refused nodes that oneDNN has been found to lack.
 */
export const cutStretches: Cut = (nodes, outputs, thresholds, refused = new Set()) => {
  const readers = readersOf(nodes);
  const kept = new Set(outputs);
  const isRead = (value: Value): boolean => kept.has(value) || readers.has(value);
  const enginesOf = (given: ReadonlySet<Node>) => {
    const suited = new Map(
      nodes.map((node) => [node, given.has(node) ? 'foreign' : suitability(node, thresholds, isRead)] as const),
    );
    return engines(nodes, suited, readers);
  };
  return cut(nodes, refused, enginesOf, (node) => workOf(node as OperatorNode), thresholds);
};

/**
 * Cuts a graph in which oneDNN has nothing to multiply, such as an optimiser's update: it gets the loops over large tensors, of which
 * it does several at once.
 */
export const cutLoops: Cut = (nodes, _, thresholds, refused = new Set()) => {
  const enginesOf = (given: ReadonlySet<Node>) =>
    new Map(
      nodes.map((node) => [node, !given.has(node) && isLargeLoop(node, thresholds) ? 'onednn' : 'foreign'] as const),
    );
  return cut(nodes, refused, enginesOf, workOfLoop, thresholds);
};

/** Stretches by the engine of every node, those without enough work given to the other engine. */
function cut(
  nodes: readonly Node[],
  refused: ReadonlySet<Node>,
  enginesOf: (given: ReadonlySet<Node>) => ReadonlyMap<Node, Stretch['engine']>,
  workOfNode: (node: Node) => number,
  { stretchWork }: Thresholds,
): Stretch[] {
  const given = new Set(refused);
  for (;;) {
    const stretches = walk(nodes, enginesOf(given));
    const small = stretches.filter(
      ({ engine, nodes: own }) =>
        engine === 'onednn' && own.reduce((sum, node) => sum + workOfNode(node), 0) < stretchWork,
    );
    if (small.length === 0) return stretches;
    for (const node of small.flatMap((stretch) => stretch.nodes)) given.add(node);
  }
}

function readersOf(nodes: readonly Node[]): Map<Value, Node[]> {
  const readers = new Map<Value, Node[]>();
  for (const node of nodes) {
    for (const value of node.inputs) {
      if (value !== undefined) readers.set(value, [...(readers.get(value) ?? []), node]);
    }
  }
  return readers;
}

function walk(nodes: readonly Node[], engineOf: ReadonlyMap<Node, Stretch['engine']>): Stretch[] {
  const waiting = new Set(nodes);
  const stretches: Stretch[] = [];
  let engine: Stretch['engine'] = 'foreign';
  while (waiting.size > 0) {
    const taken: Node[] = [];
    for (const node of waiting) {
      const ready = producersOf(node).every((producer) => !waiting.has(producer));
      if (!ready || engineOf.get(node) !== engine) continue;
      waiting.delete(node);
      taken.push(node);
    }
    if (taken.length > 0) stretches.push({ engine, nodes: taken });
    engine = engine === 'foreign' ? 'onednn' : 'foreign';
  }
  return stretches;
}

const producersOf = (node: Node): Node[] => node.inputs.flatMap((value) => (value && producerOf(value)) ?? []);

/** What goes on with elements that were moved where it stands itself. */
const takingOn: ReadonlySet<Suitability> = new Set<Suitability>(['onednn', 'either', 'moved']);

/** The engine of every node. */
function engines(
  nodes: readonly Node[],
  suited: ReadonlyMap<Node, Suitability>,
  readers: ReadonlyMap<Value, readonly Node[]>,
): Map<Node, Stretch['engine']> {
  const known = new Map<Node, Stretch['engine']>();
  const isOurs = (node: Node): boolean => known.get(node) === 'onednn';
  for (const node of nodes) {
    const suits = suited.get(node)!;
    const goesOn = node.outputs.some((value) => readers.get(value)?.some((reader) => suited.get(reader) !== 'foreign'));
    const [first] = node.inputs;
    const producer = first && producerOf(first);
    const isTakenOn = (value: Value) =>
      readers.get(value)?.some((reader) => takingOn.has(suited.get(reader)!)) ?? false;
    const ours =
      suits === 'onednn' ||
      (suits === 'between' && goesOn && producersOf(node).some(isOurs)) ||
      (suits === 'behind' && producersOf(node).some(isOurs)) ||
      (suits === 'moved' && producer !== undefined && isOurs(producer) && node.outputs.some(isTakenOn)) ||
      (suits === 'either' && producer !== undefined && isOurs(producer));
    known.set(node, ours ? 'onednn' : 'foreign');
  }
  return known;
}
