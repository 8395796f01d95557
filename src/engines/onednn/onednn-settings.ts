import { type OptionRules, oneOf, optional, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';

/** How oneDNN is set up. The same settings, library and kind of machine give the same bits. */
export interface OneDnnSettings {
  /** Threads inside an operator. Default: 2. */
  readonly threads?: number;
  /** What lies between oneDNN's operators. Default: float32. */
  readonly precision?: Precision;
}

/** Numbers that a network is computed in. */
export const precisions = ['float32', 'bfloat16'] as const;
/** One of `precisions`. */
export type Precision = (typeof precisions)[number];

const rules: OptionRules<OneDnnSettings> = {
  threads: optional(wholeNumber(1)),
  precision: optional(oneOf(precisions)),
};

/** Checks settings. @throws UsageError at one that there is not, or that makes no sense. */
export function checkOneDnnSettings(settings: OneDnnSettings): void {
  checkOptions(settings, rules);
}
