import { number, type OptionRules, optional } from '../../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../../foundation/arguments/check-options.ts';
import { UsageError } from '../../../foundation/errors/usage-error.ts';
/** The numbers of online importance sampling. */
export interface ImportanceOptions {
  /** Share of triplets whose negative is of another category, 0 to 1. The paper's best similarity precision was at 0.2. */
  readonly outOfClass: number;
  /** `Tr`: a negative of the query's own category has to be less relevant than the positive by this, at least. */
  readonly margin: number;
  /** `Tp`: pairs more relevant than this count as this relevant. Default: infinite, the paper's streaming form. */
  readonly limit?: number | undefined;
  /** Most records that are held of a category. */
  readonly capacity: number;
  /** A query that gives no triplet this often in a row leaves its buffer. Default: 10. */
  readonly maxFailures?: number | undefined;
}

const importanceRules: OptionRules<ImportanceOptions> = {
  outOfClass: number(),
  margin: number(),
  limit: optional(number()),
  capacity: number(),
  maxFailures: optional(number()),
};

/** The options with their defaults. */
export type ImportanceNumbers = { readonly [Name in keyof ImportanceOptions]-?: number };

/** Checks options. @throws if one is out of its bounds, naming it and its value. */
export function checkedImportanceOptions(options: ImportanceOptions): ImportanceNumbers {
  checkOptions(options, importanceRules);
  const { outOfClass, margin, capacity, limit = Number.POSITIVE_INFINITY, maxFailures = 10 } = options;
  const wrong = !(outOfClass >= 0 && outOfClass <= 1)
    ? `the share of out-of-class negatives is ${outOfClass}: it has to be from 0 to 1`
    : !(margin >= 0 && margin < Number.POSITIVE_INFINITY)
      ? `the margin of relevance is ${margin}: it has to be a number of at least 0`
      : !(limit > 0)
        ? `the limit of relevance is ${limit}: it has to be above 0`
        : !(Number.isInteger(capacity) && capacity >= (outOfClass < 1 ? 3 : 2))
          ? `a buffer of ${capacity} records: it has to be a whole number of at least ${outOfClass < 1 ? '3 (query, positive and a negative of their category)' : '2 (query and positive)'}`
          : !(Number.isInteger(maxFailures) && maxFailures >= 1)
            ? `a query leaves after ${maxFailures} failures: it has to be a whole number of at least 1`
            : undefined;
  if (wrong !== undefined) {
    throw new UsageError(`importance sampling: ${wrong}`, { path: 'options', expected: 'numbers within their bounds' });
  }
  return { outOfClass, margin, limit, capacity, maxFailures };
}
