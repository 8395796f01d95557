import type { OperatorAttributes, OperatorName } from '../../../src/graph/operators/operator.ts';
import type { Tensor } from '../../../src/graph/tensor/tensor.ts';

/** What the reference implementation of an operator is given. Floating inputs are always float64 here. */
export interface ReferenceContext<Op extends OperatorName> {
  readonly op: Op;
  readonly inputs: readonly (Tensor | undefined)[];
  readonly attributes: OperatorAttributes<Op>;
  /** How many outputs the node has: optional ones may be left out. */
  readonly outputCount: number;
}

/** Computes an operator's outputs, in order, by plain loops. Floating outputs are float64. */
export type ReferenceRule<Op extends OperatorName> = (context: ReferenceContext<Op>) => readonly Tensor[];

/** A reference implementation of each operator, none left out. */
export type ReferenceRules = { readonly [Op in OperatorName]: ReferenceRule<Op> };
