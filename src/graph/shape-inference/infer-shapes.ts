import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type OperatorName, schemaOf } from '../operators/operator.ts';
import { creationRules } from './creation.ts';
import { elementwiseRules } from './elementwise.ts';
import { gatherRules } from './gather.ts';
import { gradientRules } from './gradient.ts';
import { linearRules } from './linear.ts';
import { movementRules } from './movement.ts';
import { normalizationRules } from './normalization.ts';
import { poolRules } from './pool.ts';
import { quantizationRules } from './quantization.ts';
import { reduceRules } from './reduce.ts';
import { reshapeRules } from './reshape.ts';
import type { ShapeContext, ShapeRules, ValueType } from './rule.ts';
import { samplingRules } from './sampling.ts';
import { sliceRules } from './slice.ts';

/** The shape rule of every operator. A total table: an operator without a rule does not compile. */
const shapeRules: ShapeRules = {
  ...elementwiseRules,
  ...reduceRules,
  ...reshapeRules,
  ...movementRules,
  ...sliceRules,
  ...gatherRules,
  ...creationRules,
  ...linearRules,
  ...poolRules,
  ...normalizationRules,
  ...quantizationRules,
  ...samplingRules,
  ...gradientRules,
};

/**
 * Type and shape of each output of an operator, from those of its inputs: `outputCount` of them, in order.
 *
 * A length that has a name keeps it wherever the output's length is the same one. A length that would have to be computed
 * from a named one is an error, as is an input that decides the shape without being a constant.
 *
 * @throws if an input is missing, of a wrong type or of a shape that does not fit, if an attribute is out of its range,
 * or if the operator has fewer outputs than asked for. The message has the shapes and the axis in it.
 */
export function inferShapes<Op extends OperatorName>(context: ShapeContext<Op>): readonly ValueType[] {
  const { outputCount } = context;
  if (!Number.isInteger(outputCount) || outputCount < 1) {
    throw new GraphError(`${context.op} must have a whole number of outputs, at least 1, not ${outputCount}`);
  }
  const types = shapeRules[context.op](context);
  if (outputCount > types.length) {
    const names = schemaOf(context.op).outputs.slice(0, types.length).join(', ').replaceAll('?', '');
    throw new GraphError(
      `${context.op} has ${types.length} outputs here (${names}), but ${outputCount} were asked for`,
    );
  }
  return types.slice(0, outputCount);
}
