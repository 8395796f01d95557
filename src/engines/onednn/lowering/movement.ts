import type { OperatorNode } from '../../../graph/builder/graph.ts';
import { staticShape } from '../../../graph/tensor/shape.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';

/** Operators that give the same elements another shape. */
export const viewOperators: ReadonlySet<string> = new Set(['Flatten', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze']);

/** The same row-major elements under another shape. */
export function lowerView(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const shape = staticShape(y.shape, `'${y.name}' in oneDNN`);
  const plain = plan.asPlain(x!, plan.compute);
  plan.define(y, plan.view(plain, shape, plan.plain(shape, plain.type)));
}
