import { GraphError } from '../../foundation/errors/graph-error.ts';
import { formatShape } from '../tensor/shape.ts';
import { existingAxis } from './lengths.ts';
import { expectSameType, floatTypes, inputName, operand, optionalOperand } from './operand.ts';
import type { ShapeContext, ShapeRules } from './rule.ts';

/**
 * A scalar or a list of one element is for the whole tensor, whatever the axis: its axis need not even exist.
 *
 * @throws unless input `index`, if it is there, has one element or one for each place along the axis.
 */
function expectPerAxis(context: ShapeContext<'QuantizeLinear' | 'DequantizeLinear'>, index: number): void {
  const input = context.inputs[index];
  if (input === undefined || input.shape.length === 0 || (input.shape.length === 1 && input.shape[0] === 1)) return;
  const { shape } = operand(context, 0);
  const length = shape[existingAxis(context.attributes.axis, shape.length)];
  if (input.shape.length === 1 && input.shape[0] === length) return;
  throw new GraphError(
    `input ${inputName(context, index)} must have one element or shape [${length}], one element for each place along ` +
      `axis ${context.attributes.axis} of ${formatShape(shape)}, got ${formatShape(input.shape)}`,
  );
}

/** Between real numbers and whole ones. Scale and zero point have one element, or are lists along one axis. */
export const quantizationRules = {
  /** The whole numbers' type is the zero point's; uint8 without one. */
  QuantizeLinear: (context) => {
    const { shape } = operand(context, 0, floatTypes);
    operand(context, 1, floatTypes);
    expectSameType(context, 0, 1);
    const type = optionalOperand(context, 2, ['uint8', 'int8'])?.type ?? 'uint8';
    for (const index of [1, 2]) expectPerAxis(context, index);
    return [{ type, shape }];
  },
  /** The real numbers' type is the scale's. */
  DequantizeLinear: (context) => {
    const { shape } = operand(context, 0, ['uint8', 'int8', 'int32']);
    const { type } = operand(context, 1, floatTypes);
    expectSameType(context, 0, 2);
    for (const index of [1, 2]) expectPerAxis(context, index);
    return [{ type, shape }];
  },
} satisfies Partial<ShapeRules>;
