/** A falling curve `1 / (1 + exp(slope * distance + offset))`. */
export interface LogisticCurve {
  readonly slope: number;
  readonly offset: number;
}

/** Newton steps; far fewer are needed. */
const mostSteps = 100;

/**
 * The logistic curve of the largest likelihood for pairs with weights. Targets are drawn in from 1 and 0 as Platt does it, as
 * though each kind had one more pair of the other sort, so that kinds that distance tells apart perfectly give a steep curve
 * and not an infinite one. A slope below 0, alike pairs being farther apart than others, becomes 0: the curve is flat at
 * the weighted share.
 *
 * Shapes: a distance, 1 or 0 for alike or not, and a weight for each pair.
 *
 * Source: Platt, "Probabilistic outputs for support vector machines", 1999; the steps as in Lin, Lin, Weng 2007.
 */
export function fitLogistic(
  distances: ArrayLike<number>,
  alike: ArrayLike<number>,
  weights: ArrayLike<number>,
): LogisticCurve {
  let [count, total, high] = [0, 0, 0];
  for (let i = 0; i < distances.length; i++) {
    total += weights[i];
    if (alike[i] === 1) {
      count++;
      high += weights[i];
    }
  }
  const target = [1 / (distances.length - count + 2), (count + 1) / (count + 2)];
  const flat = { slope: 0, offset: Math.log((total - high) / high) };
  let curve: LogisticCurve = flat;
  let loss = lossOf(curve, distances, alike, weights, target);
  for (let step = 0; step < mostSteps; step++) {
    let [ss, so, oo, gs, go] = [1e-12, 0, 1e-12, 0, 0];
    for (let i = 0; i < distances.length; i++) {
      const p = shareAt(curve, distances[i]);
      const slack = weights[i] * (target[alike[i]] - p);
      const curvature = weights[i] * p * (1 - p);
      ss += distances[i] * distances[i] * curvature;
      so += distances[i] * curvature;
      oo += curvature;
      gs += distances[i] * slack;
      go += slack;
    }
    if (Math.abs(gs) < 1e-10 * total && Math.abs(go) < 1e-10 * total) break;
    const determinant = ss * oo - so * so;
    const move = { slope: (oo * gs - so * go) / determinant, offset: (ss * go - so * gs) / determinant };
    const better = improved(curve, move, loss, (next) => lossOf(next, distances, alike, weights, target));
    if (better === undefined) break;
    [curve, loss] = better;
  }
  return curve.slope < 0 ? flat : curve;
}

/** The curve's value at a distance. */
export function shareAt({ slope, offset }: LogisticCurve, distance: number): number {
  const z = slope * distance + offset;
  return z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
}

/** The curve moved by the step, or by half of it, and so on, as soon as it fits better; undefined where none does. */
function improved(
  { slope, offset }: LogisticCurve,
  move: LogisticCurve,
  loss: number,
  lossOfCurve: (curve: LogisticCurve) => number,
): [LogisticCurve, number] | undefined {
  for (let length = 1; length > 1e-10; length /= 2) {
    const next = { slope: slope - length * move.slope, offset: offset - length * move.offset };
    const found = lossOfCurve(next);
    if (found < loss) return [next, found];
  }
  return undefined;
}

/** Minus the weighted log likelihood. */
function lossOf(
  { slope, offset }: LogisticCurve,
  distances: ArrayLike<number>,
  alike: ArrayLike<number>,
  weights: ArrayLike<number>,
  target: readonly number[],
): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) {
    const z = slope * distances[i] + offset;
    const softplus = z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
    // -log p is softplus(z), -log(1 - p) is softplus(z) - z.
    sum += weights[i] * (softplus - (1 - target[alike[i]]) * z);
  }
  return sum;
}
