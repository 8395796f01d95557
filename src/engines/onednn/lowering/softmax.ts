import type { OperatorNode } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { normalizeAxis } from '../../../graph/tensor/shape.ts';
import { algorithm, argument, propagation } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';

/** Y = exp X / sum exp X along an axis. */
export function lowerSoftmax(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const source = plan.asPlain(x!, plan.compute);
  const description = forward(plan, node, source.layout, source.shape.length);
  plan.add(node.name, description, [
    [argument.source, source],
    [argument.result, plan.resultOf(node.outputs[0], plan.compute, source.layout)],
  ]);
}

/** dX of softmax from dY and Y. */
export function lowerSoftmaxGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [dy, y] = node.inputs;
  const result = plan.asPlain(y!, plan.compute);
  const gradient = plan.asPlain(dy!, plan.compute);
  const { layout, shape } = result;
  const hint = forward(plan, node, layout, shape.length);
  const description = plan.objects.description('softmax_backward', [
    algorithm.softmax,
    layout,
    layout,
    layout,
    axisOf(node, shape.length),
    hint,
  ]);
  plan.add(node.name, description, [
    [argument.result, result],
    [argument.resultGradient, gradient],
    [argument.sourceGradient, plan.resultOf(node.outputs[0], plan.compute, layout)],
  ]);
}

const axisOf = (node: OperatorNode, rank: number): number =>
  normalizeAxis((node.attributes as OperatorAttributes<'Softmax'>).axis, rank);

function forward(plan: PlanBuilder, node: OperatorNode, layout: Pointer, rank: number): Pointer {
  const values = [propagation.forwardTraining, algorithm.softmax, layout, layout, axisOf(node, rank)] as const;
  return plan.objects.description('softmax_forward', values);
}
