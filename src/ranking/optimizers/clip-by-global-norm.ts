import type { Value } from '../../graph/builder/graph.ts';
import { add, div, min, mul, reduceSum, sqrt } from '../../graph/builder/operations.ts';

/**
 * The Euclidean norm of all gradients taken as one vector.
 */
export function globalNorm(gradients: readonly Value[]): Value {
  const squares = gradients.map((gradient) => reduceSum(mul(gradient, gradient)));
  return sqrt(squares.reduce((sum, square) => add(sum, square)));
}

/**
 * What gradients are multiplied by so that their norm is at most `limit`: `min(1, limit / (norm + 1e-6))`.
 *
 * Source: Pascanu et al. 2013, algorithm 1, in the form of `torch.nn.utils.clip_grad_norm_`.
 */
export function clipFactor(norm: Value, limit: number): Value {
  return min(div(limit, add(norm, 1e-6)), 1);
}
