import type { ShapeCases, ShapeRefusals } from '../../../test/support/shape-case.ts';
import { arithmeticCases } from './arithmetic.cases.ts';
import { arithmeticRefusals } from './arithmetic-refusals.cases.ts';
import { gradientCases, gradientRefusals } from './gradient.cases.ts';
import { movementCases } from './movement.cases.ts';
import { movementRefusals } from './movement-refusals.cases.ts';
import { networkCases } from './network.cases.ts';
import { networkRefusals } from './network-refusals.cases.ts';

/** Hand-worked cases of every operator. A total table: an operator without a case does not compile. */
export const shapeCases: ShapeCases = { ...arithmeticCases, ...movementCases, ...networkCases, ...gradientCases };

/** Hand-worked refusals of every operator. A total table, as well. */
export const shapeRefusals: ShapeRefusals = {
  ...arithmeticRefusals,
  ...movementRefusals,
  ...networkRefusals,
  ...gradientRefusals,
};
