import type { OperatorAttributes, OperatorName } from '../operators/operator.ts';
import type { ElementType } from '../tensor/element-type.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The type and shape of a value that does not exist yet. */
export interface ValueType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** What a shape rule may know of an input: its type, its shape and, for a constant, its elements. */
export interface InputType extends ValueType {
  readonly constant?: Tensor | undefined;
}

/** What a shape rule is given. */
export interface ShapeContext<Op extends OperatorName> {
  readonly op: Op;
  readonly inputs: readonly (InputType | undefined)[];
  readonly attributes: OperatorAttributes<Op>;
  /** How many outputs the node has: optional ones may be left out. */
  readonly outputCount: number;
}

/**
 * Type and shape of each output that the operator can have here, in order; whoever asks for fewer leaves out the last ones.
 * Throws an error with both shapes in it where the inputs do not fit.
 */
export type ShapeRule<Op extends OperatorName> = (context: ShapeContext<Op>) => readonly ValueType[];

/** What every rule may look at, whichever operator it is of. */
export type RuleContext = Pick<ShapeContext<OperatorName>, 'op' | 'inputs'>;

/** A rule for each operator, none left out. */
export type ShapeRules = { readonly [Op in OperatorName]: ShapeRule<Op> };
