import type { Value } from '../builder/graph.ts';
import { add, div, mul, reduceMean, sqrt, sub } from '../builder/operations.ts';

/** A value with mean 0 and variance 1 over some axes, and what its gradient takes. */
export interface Standardized {
  readonly value: Value;
  /** 1 / sqrt(variance + epsilon), the axes kept at length 1. */
  readonly inverseDeviation: Value;
}

/** `(X - mean) / sqrt(variance + epsilon)` over `axes`, with the variance of the population. */
export function standardize(X: Value, axes: readonly number[], epsilon: number): Standardized {
  const centred = sub(X, reduceMean(X, axes, true));
  const variance = reduceMean(mul(centred, centred), axes, true);
  const inverseDeviation = div(1, sqrt(add(variance, epsilon)));
  return { value: mul(centred, inverseDeviation), inverseDeviation };
}

/**
 * Gradient by X of what was standardized over `axes`, from the gradient by the result:
 *
 *     dX = (g - mean(g) - xhat mean(g xhat)) / sqrt(variance + epsilon)
 */
export function standardizationGradient(
  g: Value,
  { value, inverseDeviation }: Standardized,
  axes: readonly number[],
): Value {
  const along = mul(value, reduceMean(mul(g, value), axes, true));
  return mul(sub(sub(g, reduceMean(g, axes, true)), along), inverseDeviation);
}
