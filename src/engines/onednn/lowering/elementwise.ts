import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { sameShape } from '../../../graph/tensor/shape.ts';
import { algorithm, argument, postOperand, propagation } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { type Activation, activationOf, clipBehind, geluBy } from './activation.ts';
import { binaryAlgorithms, describeChain, operandLike, operandsOf } from './elementwise-chain.ts';

/** Y = max(X, 0), X between two bounds, its Gelu or its square root, over X where nobody else reads it. */
export function lowerActivation(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const source = inner(plan, x!);
  const description = eltwise(plan, activationOf(node)!, source.layout);
  plan.add(node.name, description, [
    [argument.source, source],
    [argument.result, overOrFresh(plan, x!, source, node.outputs[0])],
  ]);
}

/** dX = dY where Y > 0, over dY where nobody else reads it. */
export function lowerReluGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [, y] = node.inputs;
  lowerGradientBy(plan, node, { kind: algorithm.reluByResult, alpha: 0, beta: 0 }, [argument.result, y!]);
}

/** dX = dY where X lies between the bounds, over dY where nobody else reads it. */
export function lowerClipGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [, x] = node.inputs;
  const { kind, alpha, beta } = clipBehind(node)!;
  // oneDNN passes the gradient where alpha < X <= beta, ours passes it at both bounds.
  lowerGradientBy(plan, node, { kind, alpha: justBelow(alpha), beta }, [argument.source, x!]);
}

/** dX of Gelu, over dY where nobody else reads it. */
export function lowerGeluGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [, x] = node.inputs;
  lowerGradientBy(plan, node, geluBy(node.attributes as OperatorAttributes<'GeluGradient'>), [argument.source, x!]);
}

/** The gradient of an activation, by its result or by what it is of. */
function lowerGradientBy(
  plan: PlanBuilder,
  node: OperatorNode,
  { kind, alpha, beta }: Activation,
  [name, value]: readonly [number, Value],
): void {
  const [dy] = node.inputs;
  const known = inner(plan, value);
  const gradient = plan.as(dy!, known.layout, known.type);
  const hint = eltwise(plan, { kind, alpha, beta }, known.layout);
  const { objects } = plan;
  const description = objects.description('eltwise_backward', [
    kind,
    gradient.layout,
    gradient.layout,
    known.layout,
    alpha,
    beta,
    hint,
  ]);
  plan.add(node.name, description, [
    [name, known],
    [argument.resultGradient, gradient],
    [argument.sourceGradient, overOrFresh(plan, dy!, gradient, node.outputs[0])],
  ]);
}

/** The largest float32 below a number; below 0 the least that is no denormal, which processors may take for 0. */
function justBelow(bound: number): number {
  if (bound === 0) return -(2 ** -126);
  const [value, bits] = [Float32Array.of(bound), new Int32Array(1)];
  bits[0] = new Int32Array(value.buffer)[0] + (bound > 0 ? -1 : 1);
  return new Float32Array(bits.buffer)[0];
}

/**
 * C = A op B, and the elementwise nodes behind it, over A where nobody else reads it; in A's layout, or in B's where A is an input of
 * the program. B may be a single number, or have a length of 1 where A has another one.
 */
export function lowerBinary(plan: PlanBuilder, node: OperatorNode): void {
  const [a, b] = operandsOf(node);
  const lead = !sameShape(a.shape, b.shape) || plan.datum(a).storage.place === 'arena' ? a : b;
  const { layout } = inner(plan, lead);
  const first = plan.as(a, layout, plan.compute);
  const second = operandLike(plan, b, first);
  const kind = binaryAlgorithms[node.op];
  const layouts = [kind, layout, second.layout, layout] as const;
  const { chain, description, operands } = describeChain(plan, node.outputs[0], first, (attributes) =>
    plan.objects.description('binary', layouts, attributes),
  );
  for (const done of chain.nodes) plan.fused.add(done);
  const result = a === b ? fresh(plan, chain.made, first) : overOrFresh(plan, a, first, chain.made);
  plan.add(node.name, description, [
    [argument.source, first],
    [argument.secondSource, second],
    ...operands,
    [argument.result, result],
  ]);
}

/** Sum of several tensors of one shape, in one pass over memory, over the first where nobody else reads it. */
export function lowerSum(plan: PlanBuilder, node: OperatorNode): void {
  const [a, b, ...others] = node.inputs as readonly Value[];
  const first = inner(plan, a);
  const second = plan.as(b, first.layout, first.type);
  const rest = others.map((value) => plan.as(value, first.layout, first.type));
  const added = rest.map(({ layout }) => ({ kind: algorithm.add, operand: layout }));
  const layouts = [algorithm.add, first.layout, second.layout, first.layout] as const;
  const description = plan.objects.description('binary', layouts, plan.objects.attributes(added));
  const once = node.inputs.indexOf(a, 1) < 0;
  plan.add(node.name, description, [
    [argument.source, first],
    [argument.secondSource, second],
    ...rest.map((datum, place) => [postOperand(place), datum] as const),
    [argument.result, once ? overOrFresh(plan, a, first, node.outputs[0]) : fresh(plan, node.outputs[0], first)],
  ]);
}

/** A value as it is, in the type of what lies between primitives; what is only read in another order of its axes is put in order. */
export function inner(plan: PlanBuilder, value: Value): Datum {
  const datum = plan.inType(value);
  return plan.strides.isTurned(datum) ? plan.asPlain(value, plan.compute) : datum;
}

/** Where an elementwise result goes: over what it is made of, or into memory of its own. */
export function overOrFresh(plan: PlanBuilder, from: Value, datum: Datum, to: Value): Datum {
  // What the program gives is written where it goes.
  if (plan.surroundings.outputs.has(to) || !mayOverwrite(plan, from, datum)) return fresh(plan, to, datum);
  const over = plan.view(datum, datum.shape, datum.layout);
  over.storage.sharers--;
  plan.define(to, over);
  return over;
}

/** True if a value may be written over by its reader: nobody else reads it, and nothing else lies there. */
function mayOverwrite({ surroundings }: PlanBuilder, value: Value, { storage }: Datum): boolean {
  const { readers, outputs, crosses } = surroundings;
  const alone = storage.place === 'arena' && storage.sharers === 1 && readers(value).length === 1;
  return alone && !outputs.has(value) && !crosses(value);
}

function fresh(plan: PlanBuilder, value: Value, { type, layout }: Datum): Datum {
  return plan.resultOf(value, type, layout);
}

function eltwise(plan: PlanBuilder, { kind, alpha, beta }: Activation, layout: Pointer): Pointer {
  const values = [propagation.forwardTraining, kind, layout, layout, alpha, beta] as const;
  return plan.objects.description('eltwise_forward', values);
}
