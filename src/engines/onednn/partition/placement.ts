import type { Node } from '../../../graph/builder/graph.ts';
import type { Placement } from '../../engine.ts';
import type { Stretch } from './cut-stretches.ts';
import { workOf } from './suited-nodes.ts';

/** How much of a graph's arithmetic is in oneDNN's stretches; of a graph without convolutions and products nothing is. */
export function placementOf(stretches: readonly Stretch[]): Placement {
  const sums = { onednn: 0, foreign: 0 };
  const elsewhere = new Set<string>();
  for (const { engine, nodes } of stretches) {
    for (const node of nodes) {
      const work = arithmetic(node);
      sums[engine] += work;
      if (engine === 'foreign' && (work > 0 || node.kind === 'opaque')) elsewhere.add(node.op);
    }
  }
  const all = sums.onednn + sums.foreign;
  return { share: all === 0 ? 0 : sums.onednn / all, elsewhere: [...elsewhere].sort() };
}

const arithmetic = (node: Node): number => (node.kind === 'operator' ? workOf(node) : 0);
