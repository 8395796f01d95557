import type { Value } from '../builder/graph.ts';
import type { OperatorInputs } from '../builder/operator-inputs.ts';
import type { OperatorAttributes, OperatorName } from '../operators/operator.ts';

/** What a gradient rule is given. Capital letters in formulas are ONNX's: `Y = f(X)`, `dY` is d loss / d Y. */
export interface GradientContext<Op extends OperatorName> {
  readonly inputs: OperatorInputs<Op>;
  readonly outputs: readonly Value[];
  readonly attributes: OperatorAttributes<Op>;
  /** Gradient by the first output; zeros if the loss depends on other outputs alone. */
  readonly dY: Value;
  /** Gradient by each output; undefined where the loss does not depend on it. */
  readonly gradients: readonly (Value | undefined)[];
}

/** Appends the nodes of one input's gradient. It is called only if that gradient is needed, and at most once. */
export type Gradient = () => Value;

/**
 * The gradient by each input, in order; undefined where it is zero everywhere or the input is not floating-point.
 *
 * A gradient has its input's shape, or the shape that the input was broadcast to: the walk sums it back. What an operator
 * cannot differentiate because of its attributes is an error that gives the reason; the walk adds the node's name.
 */
export type GradientRule<Op extends OperatorName> = (context: GradientContext<Op>) => readonly (Gradient | undefined)[];

/** Stands in the place of a rule: asking for a gradient through the operator is an error with this reason. */
export interface NotDifferentiable {
  readonly reason: string;
}

/** Stands in the place of a rule: the gradient is that of the operators of ONNX that the gradient operator unfolds into. */
export interface DifferentiatedUnfolded {
  readonly unfolded: true;
}

/** The entry of gradient operators that have no rule of their own. */
export const byUnfolding: DifferentiatedUnfolded = { unfolded: true };

/** What is known about the gradient of each operator. */
export type GradientTable = {
  readonly [Op in OperatorName]: GradientRule<Op> | NotDifferentiable | DifferentiatedUnfolded;
};

/** The entry of operators whose outputs are all integers or truth values: a gradient never gets there. */
export const notFloating: NotDifferentiable = { reason: 'its output is not floating-point' };
