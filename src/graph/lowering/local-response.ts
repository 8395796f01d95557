import type { Value } from '../builder/graph.ts';
import { add, averagePool, mul, pow, reshape, sub } from '../builder/operations.ts';
import type { OperatorAttributes } from '../operators/operator.ts';
import { staticShape } from '../tensor/shape.ts';

/**
 * Local response normalisation `Y = X s^-beta`, `s = bias + alpha / size sum of X^2 over the channels of the window`. Element j
 * is in the windows of its neighbours, so with the window turned round
 *
 *     dX = dY s^-beta - 2 alpha beta / size X (sum of dY X s^(-beta - 1) over the turned window)
 *
 * Shapes: X, dY [N, C, ...].
 *
 * Source: Krizhevsky, Sutskever, Hinton 2012, section 3.3.
 */
export function localResponseGradient(dY: Value, X: Value, attributes: OperatorAttributes<'LrnGradient'>): Value {
  const { alpha, beta, bias, size } = attributes;
  const before = Math.floor((size - 1) / 2);
  const after = size - 1 - before;
  const s = add(mul(windowMean(mul(X, X), before, after), alpha), bias);
  const share = mul(dY, pow(s, -beta));
  const others = windowMean(mul(mul(dY, X), pow(s, -beta - 1)), after, before);
  return sub(share, mul(mul(X, others), 2 * alpha * beta));
}

/** Sum over the channels from `before` to `after` of each, divided by their number; those that do not exist count as 0. */
function windowMean(x: Value, before: number, after: number): Value {
  const [batch, channels, ...lengths] = staticShape(x.shape, 'the gradient of LRN');
  const planes = reshape(x, [batch, 1, channels, -1]);
  const pooled = averagePool(planes, {
    kernelShape: [before + after + 1, 1],
    strides: [1, 1],
    pads: [before, 0, after, 0],
    countIncludePad: 1,
  });
  return reshape(pooled, [batch, channels, ...lengths]);
}
