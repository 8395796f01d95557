import type { Value } from '../../builder/graph.ts';
import type { ForeignNode, UpgradeContext } from './foreign-node.ts';
import { upgradeTable } from './upgrade-table.ts';

/** A node of ONNX's own domain in the words of our opset: another node, or the outputs of nodes added to the graph. */
export function upgradeNode(node: ForeignNode, context: UpgradeContext): ForeignNode | readonly Value[] {
  if (!Object.hasOwn(upgradeTable, node.op)) return node;
  let upgraded: ForeignNode | readonly Value[] = node;
  for (const { before, rewrite } of upgradeTable[node.op]) {
    if (before !== undefined && context.opset >= before) continue;
    upgraded = rewrite(upgraded, context);
    if (!('op' in upgraded)) return upgraded;
  }
  return upgraded;
}
