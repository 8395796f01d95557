import { withLengths } from '../../graph/builder/with-lengths.ts';
import { workOf } from '../onednn/partition/suited-nodes.ts';
import type { SizedGraph } from './sized-graph.ts';

/** Floating-point operations that a run may have which is measured: a fraction of a second on two cores. */
const enoughWork = 2e10;

/** The same network with so short a batch, its inputs' first axis where that is named, that it is quickly run. */
export function fewRows({ graph, lengths }: SizedGraph): SizedGraph {
  const [batch] = graph.inputs[0]?.shape ?? [];
  const rows = typeof batch === 'string' ? lengths.get(batch) : undefined;
  if (typeof batch !== 'string' || rows === undefined) return { graph, lengths };
  const { nodes } = withLengths(graph, lengths);
  const work = nodes.reduce((sum, node) => sum + (node.kind === 'operator' ? workOf(node) : 0), 0);
  const few = Math.max(1, Math.min(rows, Math.floor((rows * enoughWork) / work)));
  return { graph, lengths: new Map([...lengths, [batch, few]]) };
}
