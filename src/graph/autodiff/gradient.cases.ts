import type { GradientCases } from '../../../test/support/gradient-case.ts';
import { arithmeticCases } from './arithmetic.cases.ts';
import { gradientOperatorCases } from './gradient-operators.cases.ts';
import { movementCases } from './movement.cases.ts';
import { networkCases } from './network.cases.ts';

/** Gradient cases of every operator. A total table: an operator that it leaves out does not compile. */
export const gradientCases: GradientCases = {
  ...arithmeticCases,
  ...movementCases,
  ...networkCases,
  ...gradientOperatorCases,
};
