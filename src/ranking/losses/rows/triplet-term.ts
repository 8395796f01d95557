import type { Value } from '../../../graph/builder/graph.ts';
import { add, greater, relu, softplus } from '../../../graph/builder/operations.ts';

/** What a triplet costs, from `D(q, p) - D(q, n)`. Shapes: as the differences. */
export interface TripletTerm {
  /** What it is when all embeddings are equal. */
  readonly collapsedValue: number;
  cost(difference: Value): Value;
  /** True where the triplet counts as active. */
  active(difference: Value): Value;
}

/**
 * `max(0, g + D(q, p) - D(q, n))`; at the kink the gradient is 0. Active: above 0, for an easier triplet does not push.
 */
export function hingeTerm(gap: number): TripletTerm {
  return {
    collapsedValue: gap,
    cost: (difference) => relu(add(difference, gap)),
    active: (difference) => greater(add(difference, gap), 0),
  };
}

/**
 * `log(1 + exp(D(q, p) - D(q, n)))`: the hinge made smooth, without a gap. It never is 0, so every triplet pushes a little;
 * active are those whose negative is nearer than their positive (a cost above log 2).
 *
 * Source: Hermans, Beyer and Leibe 2017, section 2.3, "soft margin".
 */
export const softMarginTerm: TripletTerm = {
  collapsedValue: Math.LN2,
  cost: (difference) => softplus(difference),
  active: (difference) => greater(difference, 0),
};
