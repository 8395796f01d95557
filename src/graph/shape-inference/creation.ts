import { GraphError } from '../../foundation/errors/graph-error.ts';
import { constantScalar, constantShape } from './constant-input.ts';
import { expectRank, operand, operands, wideTypes } from './operand.ts';
import type { ShapeRules } from './rule.ts';

/** Operators whose output has elements of its own: filled, counted, measured. */
export const creationRules = {
  ConstantOfShape: (context) => [{ type: 'float32', shape: constantShape(context, 0) }],
  /** From `start` in steps of `delta`, `limit` excluded: max(ceil((limit - start) / delta), 0) elements. */
  Range: (context) => {
    const [{ type }] = operands(context, wideTypes);
    const [start, limit, delta] = [0, 1, 2].map((index) => {
      expectRank(context, index, 0);
      return constantScalar(context, index, wideTypes);
    });
    if (delta === 0) throw new GraphError(`a range from ${start} to ${limit} cannot have delta 0`);
    return [{ type, shape: [Math.max(0, Math.ceil((limit - start) / delta))] }];
  },
  /** The lengths of the axes from `start` to `end`, clamped to those there are. */
  Shape: (context) => {
    const { shape } = operand(context, 0);
    const { start, end } = context.attributes;
    return [{ type: 'int64', shape: [shape.slice(start, end).length] }];
  },
} satisfies Partial<ShapeRules>;
