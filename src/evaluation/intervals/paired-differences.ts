import { oneOf, optional } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { bootstrapRules, type MeanWithInterval } from './bootstrap.ts';
import {
  type BootstrapMeasuresOptions,
  bootstrapMeasures,
  type QueryMeasure,
  resampledUnits,
} from './bootstrap-measures.ts';

/** A measure of two models on the same queries. */
export type PairedMeasure = {
  readonly first: MeanWithInterval;
  readonly second: MeanWithInterval;
  /** First minus second, with the interval of the difference. */
  readonly difference: MeanWithInterval;
  /**
   * Which is better beyond what other queries of the same kind would change: the interval of the difference lies on one
   * side of 0. `neither` where it holds 0, so that the difference could be chance.
   */
  readonly better: 'first' | 'second' | 'neither';
};

/**
 * Compares two models measure by measure: the mean of each with its interval, and of their difference, query by query.
 *
 * Formula: the difference of a measure is the mean of `first - second` over the queries. All three are taken on the same
 * resampled queries, so what makes a query hard for both models cancels: the interval of the difference is narrower than
 * those of the means suggest, and two overlapping intervals do not say that a difference is chance. Each interval is for
 * its own measure: of twenty measures, one is expected outside of its 95% interval by chance alone.
 *
 * Shapes: the measures of both by the same names, a number a query in the same order, with the same weights. Memory: one
 * column a measure more than was given.
 *
 * Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13; for pairs Koehn, "Statistical
 * significance tests for machine translation evaluation", 2004.
 *
 * @throws if the measures or the queries are not the same.
 */
export function pairedDifferences(
  first: ReadonlyMap<string, QueryMeasure>,
  second: ReadonlyMap<string, QueryMeasure>,
  options: BootstrapMeasuresOptions,
): Map<string, PairedMeasure> {
  checkOptions(options, { ...bootstrapRules, over: optional(oneOf(resampledUnits)) });
  const names = [...first.keys()];
  if (names.length !== second.size || names.some((name) => !second.has(name))) {
    const message = `two models are compared by the same measures, got ${names} and ${[...second.keys()]}`;
    throw new UsageError(message, { path: 'second', expected: `the measures ${names}` });
  }
  const pairs = names.map((name) => samePair(name, first.get(name)!, second.get(name)!));
  const means = bootstrapMeasures(
    pairs.flatMap(([a, b]) => [a, b, { ...a, values: a.values.map((value, query) => value - b.values[query]) }]),
    options,
  );
  return new Map(
    names.map((name, place) => {
      const [one, other, difference] = means.slice(3 * place, 3 * place + 3);
      const better = difference.low > 0 ? 'first' : difference.high < 0 ? 'second' : 'neither';
      return [name, { first: one, second: other, difference, better }];
    }),
  );
}

/** Both of one measure, with one array of weights. @throws if they are not of the same queries. */
function samePair(name: string, a: QueryMeasure, b: QueryMeasure): readonly [QueryMeasure, QueryMeasure] {
  const same =
    a.values.length === b.values.length &&
    (a.weights === undefined) === (b.weights === undefined) &&
    (a.weights?.every((weight, query) => weight === b.weights?.[query]) ?? true);
  if (!same) {
    throw new UsageError(
      `two models are compared on the same queries, but ${name} has ${a.values.length} and ${b.values.length} of them: judge both on the same images`,
      { path: 'second', expected: 'the queries of the first' },
    );
  }
  return [a, a.weights === undefined ? b : { ...b, weights: a.weights }];
}
