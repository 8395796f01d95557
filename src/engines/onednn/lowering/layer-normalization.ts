import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { normalizeAxis, sameShape } from '../../../graph/tensor/shape.ts';
import { argument, normalizationFlag, propagation } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import type { Moments } from '../plan/plan-surroundings.ts';
import { overOrFresh } from './elementwise.ts';

type Attributes = Pick<OperatorAttributes<'LayerNormalization'>, 'axis' | 'epsilon'>;

const { scale: hasScale, shift: hasShift } = normalizationFlag;

/** True of a normalisation along the last axis, by a scale and a shift of its length, of which nobody reads mean and deviation. */
export function isLineNormalization({ op, inputs, outputs, attributes }: OperatorNode): boolean {
  const [x, scale, shift] = op === 'LayerNormalization' ? inputs : inputs.slice(1);
  const rank = x!.shape.length;
  const lengths = [x!.shape[rank - 1]];
  const { axis } = attributes as Attributes;
  return (
    rank >= 2 &&
    normalizeAxis(axis, rank) === rank - 1 &&
    [scale, shift].every((value) => value === undefined || sameShape(value.shape, lengths)) &&
    (op !== 'LayerNormalization' || outputs.length === 1)
  );
}

/** Y = scale (X - mean) / sqrt(variance + epsilon) + B along the last axis. */
export function lowerLayerNormalization(plan: PlanBuilder, node: OperatorNode): void {
  const [x, scale, shift] = node.inputs;
  const { epsilon } = node.attributes as Attributes;
  const source = plan.asPlain(x!, plan.compute);
  const flags = hasScale | (shift === undefined ? 0 : hasShift);
  const moments = freshMoments(plan, source);
  plan.moments.set(x!, moments);
  plan.add(node.name, forward(plan, source, moments, epsilon, flags), [
    [argument.source, source],
    [argument.mean, moments.mean],
    [argument.variance, moments.variance],
    [argument.scale, plan.asPlain(scale!)],
    [argument.shift, shift && plan.asPlain(shift)],
    [argument.result, plan.resultOf(node.outputs[0], plan.compute, source.layout)],
  ]);
}

/** dX, dScale and dB of layer normalisation along the last axis, from dY and X; dX over dY where nobody else reads it. */
export function lowerLayerNormalizationGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [dy, x, scale] = node.inputs;
  const [dx, dScale, dShift] = node.outputs;
  const { epsilon } = node.attributes as Attributes;
  const source = plan.asPlain(x!, plan.compute);
  const moments = plan.moments.get(x!) ?? momentsOf(plan, node.name, x!, source);
  const gradient = plan.asPlain(dy!, plan.compute);
  const flags = hasScale | hasShift;
  const { layout } = source;
  const description = plan.objects.description('layer_normalization_backward', [
    propagation.backward,
    layout,
    layout,
    layout,
    moments.mean.layout,
    epsilon,
    flags,
    forward(plan, source, moments, epsilon, flags),
  ]);
  const lengths = [source.shape.at(-1)!];
  const row = plan.plain(lengths, 'float32');
  const sum = (value: Value | undefined): Datum =>
    value === undefined ? plan.fresh(lengths, 'float32', row) : plan.resultOf(value, 'float32', row);
  plan.add(node.name, description, [
    [argument.source, source],
    [argument.mean, moments.mean],
    [argument.variance, moments.variance],
    [argument.scale, plan.asPlain(scale!)],
    // Asked for, though nothing depends on it.
    [argument.shift, plan.asPlain(scale!)],
    [argument.resultGradient, gradient],
    [argument.sourceGradient, overOrFresh(plan, dy!, gradient, dx)],
    [argument.scaleGradient, sum(dScale)],
    [argument.shiftGradient, sum(dShift)],
  ]);
}

/** Mean and variance for a program that has no forward pass of its own: a normalisation without scale and shift finds them. */
function momentsOf(plan: PlanBuilder, name: string, x: Value, source: Datum): Moments {
  const moments = freshMoments(plan, source);
  plan.moments.set(x, moments);
  plan.add(`${name}.again`, forward(plan, source, moments, 1, 0), [
    [argument.source, source],
    [argument.mean, moments.mean],
    [argument.variance, moments.variance],
    [argument.result, plan.fresh(source.shape, source.type, source.layout)],
  ]);
  return moments;
}

function freshMoments(plan: PlanBuilder, { shape }: Datum): Moments {
  const lines = shape.slice(0, -1);
  const layout = plan.plain(lines, 'float32');
  const [mean, variance] = [0, 1].map(() => plan.fresh(lines, 'float32', layout));
  return { mean, variance };
}

function forward(plan: PlanBuilder, { layout }: Datum, { mean }: Moments, epsilon: number, flags: number): Pointer {
  const values = [propagation.forwardTraining, layout, layout, mean.layout, epsilon, flags] as const;
  return plan.objects.description('layer_normalization_forward', values);
}
