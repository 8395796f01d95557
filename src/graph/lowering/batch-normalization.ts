import type { Value } from '../builder/graph.ts';
import { add, div, mul, neg, sqrt, sub } from '../builder/operations.ts';
import type { OperatorInputs } from '../builder/operator-inputs.ts';
import { alongChannels, perChannelDot, perChannelSum } from '../builder/per-channel.ts';
import type { OperatorAttributes } from '../operators/operator.ts';
import { sizeOf, staticShape } from '../tensor/shape.ts';

/**
 * Gradients of batch normalisation by X, scale and B: with `xhat = (X - mean) / sqrt(variance + epsilon)` and m elements a
 * channel
 *
 *     dX = scale / sqrt(variance + epsilon) (dY - mean(dY) - xhat mean(dY xhat))
 *        = a dY + b X + c,  with a, b, c one number a channel,
 *     dScale = sum(dY xhat),  dB = sum(dY),
 *
 * and b = c = 0 where mean and variance are given numbers.
 *
 * Source: Ioffe and Szegedy 2015, section 3.
 */
export function batchNormalizationGradient(
  [dY, X, scale, mean, variance]: OperatorInputs<'BatchNormalizationGradient'>,
  { epsilon, trainingMode }: OperatorAttributes<'BatchNormalizationGradient'>,
): Value[] {
  const inverseDeviation = div(1, sqrt(add(variance, epsilon)));
  const slope = mul(scale, inverseDeviation);
  if (trainingMode !== 1) {
    const dX = mul(dY, alongChannels(slope, X));
    return [dX, ...scaleAndBiasGradients(dY, X, mean, inverseDeviation)];
  }
  const slopes = mul(slope, inverseDeviation);
  const [dScale, dB] = scaleAndBiasGradients(dY, X, mean, inverseDeviation);
  const count = elementsPerChannel(X);
  const b = div(neg(mul(slopes, dScale)), count);
  const c = neg(add(div(mul(slope, dB), count), mul(b, mean)));
  const dX = add(mul(dY, alongChannels(slope, X)), add(mul(X, alongChannels(b, X)), alongChannels(c, X)));
  return [dX, dScale, dB];
}

function scaleAndBiasGradients(dY: Value, X: Value, mean: Value, inverseDeviation: Value): [Value, Value] {
  const products = perChannelDot(dY, X);
  const dB = perChannelSum(dY);
  return [mul(inverseDeviation, sub(products, mul(mean, dB))), dB];
}

function elementsPerChannel(X: Value): number {
  const [batch, , ...lengths] = staticShape(X.shape, 'the gradient of BatchNormalization');
  return batch * sizeOf(lengths);
}
