import { arithmeticCases } from './arithmetic-cases.contract.ts';
import type { GradientCases } from './gradient-case.contract.ts';
import { movementCases } from './movement-cases.contract.ts';
import { networkCases } from './network-cases.contract.ts';

/** Gradient cases of every operator. A total table: an operator that it leaves out does not compile. */
export const gradientCases: GradientCases = { ...arithmeticCases, ...movementCases, ...networkCases };
