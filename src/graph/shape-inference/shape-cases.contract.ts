import { arithmeticCases } from './arithmetic-cases.contract.ts';
import { arithmeticRefusals } from './arithmetic-refusals.contract.ts';
import { movementCases } from './movement-cases.contract.ts';
import { movementRefusals } from './movement-refusals.contract.ts';
import { networkCases } from './network-cases.contract.ts';
import { networkRefusals } from './network-refusals.contract.ts';
import type { ShapeCases, ShapeRefusals } from './shape-case.contract.ts';

/** Hand-worked cases of every operator. A total table: an operator without a case does not compile. */
export const shapeCases: ShapeCases = { ...arithmeticCases, ...movementCases, ...networkCases };

/** Hand-worked refusals of every operator. A total table, as well. */
export const shapeRefusals: ShapeRefusals = { ...arithmeticRefusals, ...movementRefusals, ...networkRefusals };
