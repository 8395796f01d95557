import type { OperatorNode } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { staticShape } from '../../../graph/tensor/shape.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { rowMajor } from '../plan/tensor-strides.ts';

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

/**
 * The same elements with their axes in another order: a way to read them, not a copy, but where they lie in blocks, which are put
 * in order then.
 */
export function lowerTranspose(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const shape = staticShape(y.shape, `'${y.name}' in oneDNN`);
  const perm = (node.attributes as OperatorAttributes<'Transpose'>).perm ?? [...shape.keys()].reverse();
  const known = plan.inType(x!);
  const inOrder = rowMajor(shape);
  const turned = perm.map((_, axis) => inOrder[perm.indexOf(axis)]);
  const strides = plan.strides.of(known);
  const source =
    strides === undefined ? plan.as(x!, plan.strides.layout(known.shape, known.type, turned), known.type) : known;
  const read = strides ?? turned;
  const layout = plan.strides.layout(
    shape,
    source.type,
    perm.map((axis) => read[axis]),
  );
  plan.define(y, plan.view(source, shape, layout));
}
