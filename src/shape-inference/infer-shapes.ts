import type { OperatorName } from '../operators/operator.ts';
import type { ShapeContext, ShapeRule, ValueType } from './rule.ts';

/** The shape rule of every operator. A total table: an operator without a rule does not compile. */
const shapeRules = {} as { readonly [Op in OperatorName]: ShapeRule<Op> };

/** Type and shape of each output of an operator, from those of its inputs. */
export function inferShapes<Op extends OperatorName>(context: ShapeContext<Op>): readonly ValueType[] {
  return shapeRules[context.op](context);
}
