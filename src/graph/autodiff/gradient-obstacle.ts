import type { Node } from '../builder/graph.ts';
import { isFloating } from '../tensor/element-type.ts';
import { gradientTable } from './gradient-table.ts';

/**
 * Why no gradient goes through a node, or undefined where one does or where none is ever asked for, its outputs being whole
 * numbers or truth values. What an operator cannot differentiate because of its attributes shows in `backward` only.
 */
export function gradientObstacle(node: Node): string | undefined {
  if (!node.outputs.some((output) => isFloating(output.type))) return undefined;
  if (node.kind === 'opaque') return 'the operator is not one of ours: it can be run but not trained through';
  const rule = gradientTable[node.op];
  return 'reason' in rule ? rule.reason : undefined;
}
