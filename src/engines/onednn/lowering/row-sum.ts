import type { OperatorNode } from '../../../graph/builder/graph.ts';
import { constantOf } from '../../../graph/builder/value.ts';
import { normalizeAxis, sizeOf, staticShape } from '../../../graph/tensor/shape.ts';
import { toNumbers } from '../../../graph/tensor/tensor.ts';
import { algorithm, argument, propagation } from '../library/constants.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { sharedConstant } from './shared-constant.ts';

/** How many of the first axes a sum goes over; 0 where it goes over others, or over all. */
export function leadingAxes({ inputs: [x, given] }: OperatorNode): number {
  const known = constantOf(given);
  const rank = x!.shape.length;
  if (known === undefined) return 0;
  const axes = new Set(toNumbers(known).map((axis) => normalizeAxis(axis, rank)));
  const leading = axes.size < rank && [...axes].every((axis) => axis < axes.size);
  return leading ? axes.size : 0;
}

/** Sum over the first axes, as gradients of biases are: the product of a row of ones and all rows, summed in float32. */
export function lowerRowSum(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const source = plan.asPlain(x!, plan.compute);
  const axes = leadingAxes(node);
  const rows = [sizeOf(source.shape.slice(0, axes)), sizeOf(source.shape.slice(axes))];
  const matrix = plan.view(source, rows, plan.plain(rows, source.type));
  const sums = [1, rows[1]];
  const layout = plan.plain(sums, 'float32');
  const ones = onesOf(plan, rows[0]);
  const description = plan.objects.description('matmul', [ones.layout, matrix.layout, null, layout]);
  const result = plan.resultOf(y, 'float32', plan.plain(staticShape(y.shape, `'${y.name}' in oneDNN`), 'float32'));
  plan.add(node.name, description, [
    [argument.source, ones],
    [argument.weights, matrix],
    [argument.result, plan.view(result, sums, layout)],
  ]);
}

/** A row of ones. */
function onesOf(plan: PlanBuilder, length: number): Datum {
  return sharedConstant(plan, `ones ${length}`, [1, length], (ones) => {
    const { layout } = ones;
    const values = [propagation.forwardInference, algorithm.linear, layout, layout, 0, 1] as const;
    plan.addOnce('ones', plan.objects.description('eltwise_forward', values), [
      [argument.source, ones],
      [argument.result, ones],
    ]);
  });
}
