import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { algorithm, argument, normalizationFlag, propagation, query } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { inner, overOrFresh } from './elementwise.ts';

const { scale: hasScale, shift: hasShift, globalStatistics, relu: hasRelu } = normalizationFlag;

/** Batch normalisation by the batch's statistics, which are its second and third result, or by given ones; and the ReLU behind it. */
export function lowerBatchNormalization(plan: PlanBuilder, node: OperatorNode<'BatchNormalization'>): void {
  const [x, scale, shift, givenMean, givenVariance] = node.inputs;
  const { epsilon, trainingMode } = node.attributes;
  const training = trainingMode === 1;
  const relu = plan.takeRelu(node.outputs[0]);
  const flags = hasScale | hasShift | (training ? 0 : globalStatistics) | (relu === undefined ? 0 : hasRelu);
  const kind = training ? propagation.forwardTraining : propagation.forwardInference;
  const { image, description } = plan.inSomeLayout(x!, inner(plan, x!), ({ layout }) =>
    forward(plan, kind, layout, epsilon, flags),
  );
  const noted = plan.objects.optional(description, query.workspace);
  const workspace = noted && plan.fresh(image.shape, 'uint8', noted.layout);
  const [y, mean, variance] = node.outputs;
  const lengths = [image.shape[1]];
  const statistic = (value: Value | undefined, given: Value | undefined): Datum => {
    if (!training) return plan.asPlain(given!);
    const layout = plan.plain(lengths, 'float32');
    return value === undefined ? plan.fresh(lengths, 'float32', layout) : plan.resultOf(value, 'float32', layout);
  };
  plan.add(node.name, description, [
    [argument.source, image],
    [argument.mean, statistic(mean, givenMean)],
    [argument.variance, statistic(variance, givenVariance)],
    [argument.scale, plan.asPlain(scale!)],
    [argument.shift, plan.asPlain(shift!)],
    [argument.result, plan.resultOf(relu?.outputs[0] ?? y, plan.compute, image.layout)],
    [argument.workspace, workspace],
  ]);
}

/** dX, dScale and dShift of batch normalisation, from dY and X; dX over dY where nobody else reads it. */
export function lowerBatchNormalizationGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [dy, x, scale, mean, variance] = node.inputs;
  const [dx, dScale, dShift] = node.outputs;
  const { epsilon, trainingMode } = node.attributes as OperatorAttributes<'BatchNormalization'>;
  const flags = hasScale | hasShift | (trainingMode === 1 ? 0 : globalStatistics);
  const { objects } = plan;
  const hintOf = (layout: Pointer) => forward(plan, propagation.forwardTraining, layout, epsilon, flags);
  const describe = ({ layout }: Datum): Pointer =>
    objects.description('batch_normalization_backward', [
      propagation.backward,
      layout,
      layout,
      layout,
      epsilon,
      flags,
      hintOf(layout),
    ]);
  const { image, description } = plan.inSomeLayout(x!, inner(plan, x!), describe);
  const gradient = plan.as(dy!, image.layout, plan.compute);
  const lengths = [image.shape[1]];
  const layout = plan.plain(lengths, 'float32');
  const sum = (value: Value | undefined): Datum =>
    value === undefined ? plan.fresh(lengths, 'float32', layout) : plan.resultOf(value, 'float32', layout);
  plan.add(node.name, description, [
    [argument.source, image],
    [argument.mean, plan.asPlain(mean!)],
    [argument.variance, plan.asPlain(variance!)],
    [argument.scale, plan.asPlain(scale!)],
    [argument.resultGradient, gradient],
    [argument.sourceGradient, overOrFresh(plan, dy!, gradient, dx)],
    [argument.scaleGradient, sum(dScale)],
    [argument.shiftGradient, sum(dShift)],
  ]);
}

function forward(plan: PlanBuilder, kind: number, layout: Pointer, epsilon: number, flags: number): Pointer {
  return plan.objects.description('batch_normalization_forward', [kind, layout, layout, epsilon, flags]);
}

/** Local response normalisation across channels. */
export function lowerLocalResponse(plan: PlanBuilder, node: OperatorNode<'LRN'>): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const { image, description, workspace } = responsePass(plan, x!, node.attributes);
  plan.workspaces.set(y, { image, description, workspace });
  plan.add(node.name, description, [
    [argument.source, image],
    [argument.result, plan.resultOf(y, plan.compute, plan.wanted(description, query.result))],
    [argument.workspace, workspace],
  ]);
}

/** dX of local response normalisation, from dY and X. */
export function lowerLocalResponseGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [dy, x] = node.inputs;
  const attributes = node.attributes as OperatorAttributes<'LRN'>;
  const { image, description: hint, workspace } = responsePass(plan, x!, attributes);
  if (workspace !== undefined) {
    plan.add(`${node.name}.again`, hint, [
      [argument.source, image],
      [argument.result, plan.fresh(image.shape, plan.compute, plan.wanted(hint, query.result))],
      [argument.workspace, workspace],
    ]);
  }
  const gradient = plan.as(dy!, image.layout, plan.compute);
  const { size, alpha, beta, bias } = attributes;
  const { layout } = image;
  const description = plan.objects.description('lrn_backward', [
    algorithm.lrnAcrossChannels,
    layout,
    layout,
    layout,
    size,
    alpha,
    beta,
    bias,
    hint,
  ]);
  plan.add(node.name, description, [
    [argument.source, image],
    [argument.resultGradient, gradient],
    [argument.workspace, workspace],
    [argument.sourceGradient, plan.resultOf(node.outputs[0], plan.compute, layout)],
  ]);
}

function responsePass(plan: PlanBuilder, x: Value, { size, alpha, beta, bias }: OperatorAttributes<'LRN'>) {
  const { objects } = plan;
  const { image, description } = plan.inSomeLayout(x, inner(plan, x), ({ layout }) =>
    objects.description('lrn_forward', [
      plan.forward,
      algorithm.lrnAcrossChannels,
      layout,
      layout,
      size,
      alpha,
      beta,
      bias,
    ]),
  );
  const noted = objects.optional(description, query.workspace);
  return { image, description, workspace: noted && plan.fresh(image.shape, plan.compute, noted.layout) };
}
