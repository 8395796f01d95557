import type { Value } from '../../graph/builder/graph.ts';

/** Distances that a network can be trained by. */
export type DistanceName = 'euclidean' | 'squared-euclidean' | 'cosine';

/**
 * How far apart two embeddings are: smaller is closer. Every distance has a numeric form for single vectors and two
 * graph forms for batches; they agree to float32 rounding (the Euclidean graph forms are up to 1e-6 larger near zero,
 * see `euclidean`).
 */
export interface Distance {
  readonly name: DistanceName;
  /** The largest distance two vectors of length 1 can have. A ranking loss cannot reach a gap beyond it. */
  readonly largest: number;
  /** Distance of two vectors, computed in float64. @throws if their lengths differ. */
  between(a: ArrayLike<number>, b: ArrayLike<number>): number;
  /** Row by row: [N, D] and [N, D] -> [N]. */
  graph(a: Value, b: Value): Value;
  /** Every row of `a` to every row of `b`: [N, D] and [M, D] -> [N, M]. */
  pairwise(a: Value, b: Value): Value;
}
