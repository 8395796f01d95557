import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { toNumbers } from '../tensor/tensor.ts';
import { inputName, operand } from './operand.ts';
import type { InputType, RuleContext } from './rule.ts';

/**
 * The elements of input `index`, whose values decide the output's shape: a shape, axes, pads.
 *
 * @throws if it is missing, not a vector of `types` or not a constant.
 */
export function constantIntegers(
  context: RuleContext,
  index: number,
  types: readonly ElementType[] = ['int64'],
): number[] {
  const input = operand(context, index, types);
  const elements = toNumbers(constant(context, index, input));
  if (input.shape.length !== 1) {
    throw new GraphError(`input ${inputName(context, index)} must have 1 axis, got ${formatShape(input.shape)}`);
  }
  return elements;
}

/** As `constantIntegers`, but undefined where the input is left out. */
export function optionalConstantIntegers(
  context: RuleContext,
  index: number,
  types?: readonly ElementType[],
): number[] | undefined {
  return context.inputs[index] === undefined ? undefined : constantIntegers(context, index, types);
}

/**
 * The lengths that input `index` asks the output to have.
 *
 * @throws as `constantIntegers` does, and if one is negative.
 */
export function constantShape(context: RuleContext, index: number): number[] {
  const shape = constantIntegers(context, index);
  if (shape.every((length) => length >= 0)) return shape;
  throw new GraphError(
    `input ${inputName(context, index)} asks for shape ${formatShape(shape)}, which has a negative length`,
  );
}

/**
 * The one element of input `index`, whose value decides the output's shape; shape `[]` or `[1]`.
 *
 * @throws if it is missing, has another shape or is not a constant.
 */
export function constantScalar(context: RuleContext, index: number, types: readonly ElementType[]): number {
  const tensor = constant(context, index, operand(context, index, types));
  if (sizeOf(tensor.shape) !== 1) {
    throw new GraphError(`input ${inputName(context, index)} must have one element, got ${formatShape(tensor.shape)}`);
  }
  return toNumbers(tensor)[0];
}

/**
 * The tensor of an input whose elements decide the output's shape.
 *
 * @throws if the input is not a constant.
 */
export function constant(context: RuleContext, index: number, input: InputType): Tensor {
  if (input.constant !== undefined) return input.constant;
  throw new GraphError(
    `input ${inputName(context, index)} of ${context.op} must be a constant, because the shape of the output depends on ` +
      'its elements: give it as a constant of the graph',
  );
}
