import { arrayOf, type OptionRules, optional, text, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';

/** How onnxruntime is set up. The same settings on the same kind of machine give the same bits. */
export interface OnnxruntimeSettings {
  /** Threads inside an operator. Default: 2. */
  readonly threads?: number;
  /** Execution providers in order of preference. Default: `['cpu']`. */
  readonly providers?: readonly string[];
}

const rules: OptionRules<OnnxruntimeSettings> = {
  threads: optional(wholeNumber(1)),
  providers: optional(arrayOf('an array of the names of execution providers', text())),
};

/** Checks settings. @throws UsageError at one that there is not, or that makes no sense. */
export function checkOnnxruntimeSettings(settings: OnnxruntimeSettings): void {
  checkOptions(settings, rules);
}
