import { GraphError } from '../../foundation/errors/graph-error.ts';
import { schemaOf } from '../operators/operator.ts';
import { broadcastShapes } from '../tensor/broadcast.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { formatShape, type Shape, sameShape } from '../tensor/shape.ts';
import type { InputType, RuleContext } from './rule.ts';

/** Types a gradient can flow through. */
export const floatTypes: readonly ElementType[] = ['float32', 'float64'];
/** Types that can be negative. */
export const signedTypes: readonly ElementType[] = ['float32', 'float64', 'int32', 'int64', 'int8'];
/** Types one can reckon with: all but bool. */
export const numberTypes: readonly ElementType[] = [...signedTypes, 'uint8'];
/** Types that sums and products are taken of. */
export const wideTypes: readonly ElementType[] = ['float32', 'float64', 'int32', 'int64'];
/** Types of lengths, axes and indices. */
export const indexTypes: readonly ElementType[] = ['int32', 'int64'];
/** Every type. */
export const anyTypes: readonly ElementType[] = [...numberTypes, 'bool'];

/** The name an operator gives its input `index`, for messages: `'axes'`; `'inputs[2]'` where one name repeats. */
export function inputName(context: RuleContext, index: number): string {
  const names = schemaOf(context.op).inputs;
  const name = names[Math.min(index, names.length - 1)];
  return name.endsWith('*') ? `'${name.slice(0, -1)}[${index - names.length + 1}]'` : `'${name.replace('?', '')}'`;
}

/**
 * Input `index`.
 *
 * @throws if it is missing or of none of `types`.
 */
export function operand(context: RuleContext, index: number, types: readonly ElementType[] = anyTypes): InputType {
  const input = optionalOperand(context, index, types);
  if (input === undefined) throw new GraphError(`input ${inputName(context, index)} is missing`);
  return input;
}

/**
 * Input `index`, or undefined if it is left out.
 *
 * @throws if it is of none of `types`.
 */
export function optionalOperand(
  context: RuleContext,
  index: number,
  types: readonly ElementType[] = anyTypes,
): InputType | undefined {
  const input = context.inputs[index];
  if (input !== undefined && !types.includes(input.type)) {
    throw new GraphError(
      `input ${inputName(context, index)} is ${input.type}, but ${context.op} takes ${types.join(', ')}: cast it`,
    );
  }
  return input;
}

/**
 * All inputs of an operator whose inputs are of one type: at least one of them.
 *
 * @throws if one is missing or of another type.
 */
export function operands(context: RuleContext, types: readonly ElementType[] = anyTypes): InputType[] {
  const all = Array.from({ length: Math.max(context.inputs.length, 1) }, (_, index) => operand(context, index, types));
  for (const index of all.keys()) expectSameType(context, 0, index);
  return all;
}

/** @throws unless inputs `a` and `b` have the same element type. An input left out has any. */
export function expectSameType(context: RuleContext, a: number, b: number): void {
  const left = context.inputs[a];
  const right = context.inputs[b];
  if (left === undefined || right === undefined || left.type === right.type) return;
  throw new GraphError(
    `inputs ${inputName(context, a)} (${left.type}) and ${inputName(context, b)} (${right.type}) must be of one type: ` +
      'cast one of them',
  );
}

/** @throws unless input `index`, if it is there, has `rank` axes. */
export function expectRank(context: RuleContext, index: number, rank: number): void {
  const input = context.inputs[index];
  if (input === undefined || input.shape.length === rank) return;
  const wanted = rank === 0 ? 'must be a scalar, shape []' : `must have ${rank} ${rank === 1 ? 'axis' : 'axes'}`;
  throw new GraphError(`input ${inputName(context, index)} ${wanted}, got ${formatShape(input.shape)}`);
}

/** @throws unless input `index`, if it is there, has at least `rank` axes. `layout` says what they are. */
export function expectRankAtLeast(context: RuleContext, index: number, rank: number, layout: string): void {
  const input = context.inputs[index];
  if (input === undefined || input.shape.length >= rank) return;
  throw new GraphError(
    `input ${inputName(context, index)} must have at least ${rank} axes (${layout}), got ${formatShape(input.shape)}`,
  );
}

/** @throws unless input `index` broadcasts to `shape` without stretching it. */
export function expectBroadcastsTo(context: RuleContext, index: number, shape: Shape): void {
  const input = context.inputs[index];
  if (input === undefined || sameShape(broadcastShapes(input.shape, shape), shape)) return;
  throw new GraphError(
    `input ${inputName(context, index)} ${formatShape(input.shape)} does not broadcast to ${formatShape(shape)}: ` +
      'it has more or longer axes',
  );
}

/** @throws unless `value` is one of `allowed`; `attribute` is its name. */
export function expectOneOf<T>(attribute: string, value: T, allowed: readonly T[]): void {
  if (!allowed.includes(value)) throw new GraphError(`${attribute} must be one of ${allowed.join(', ')}, got ${value}`);
}
