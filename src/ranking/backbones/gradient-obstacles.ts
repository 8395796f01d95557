import { gradientObstacle } from '../../graph/autodiff/gradient-obstacle.ts';
import type { Node, Value } from '../../graph/builder/graph.ts';
import { isFloating } from '../../graph/tensor/element-type.ts';

/** A node that no gradient goes through, and why. */
export interface GradientObstacle {
  readonly node: Node;
  readonly reason: string;
}

/**
 * The nodes among `nodes` that a gradient by one of `weights` would have to go through and cannot, in the graph's order.
 */
export function gradientObstacles(nodes: readonly Node[], weights: Iterable<Value>): GradientObstacle[] {
  const learning = new Set(weights);
  const obstacles: GradientObstacle[] = [];
  for (const node of nodes) {
    if (!node.inputs.some((input) => input !== undefined && learning.has(input))) continue;
    for (const output of node.outputs) if (isFloating(output.type)) learning.add(output);
    const reason = gradientObstacle(node);
    if (reason !== undefined) obstacles.push({ node, reason });
  }
  return obstacles;
}
