import type { Value } from '../../builder/graph.ts';
import { add, div, mul, neg, sqrt, sub } from '../../builder/operations.ts';
import { sizeOf, staticShape } from '../../tensor/shape.ts';
import type { Gradient, GradientContext } from '../gradient-rule.ts';
import { once } from '../once.ts';
import { alongChannels, perChannelDot, perChannelSum } from '../per-channel.ts';

/**
 * Batch normalisation `Y = scale xhat + B`, `xhat = (X - mean) / sqrt(variance + epsilon)` over N, H, W for each channel.
 *
 * In training mode mean and variance are X's own, and with m elements a channel
 *
 *     dX = scale / sqrt(variance + epsilon) (dY - mean(dY) - xhat mean(dY xhat))
 *        = a dY + b X + c,  with a, b, c one number a channel.
 *
 * The batch's mean and variance are the node's own outputs if its momentum is 0; otherwise the node is run again with
 * momentum 0 for them, which is exact where taking them back out of a running mean would not be.
 *
 * Otherwise they are inputs, Y is affine in X, and they get gradients too.
 *
 * Source: Ioffe and Szegedy 2015, section 3.
 */
export function batchNormalizationGradients(context: GradientContext<'BatchNormalization'>): (Gradient | undefined)[] {
  const { inputs, attributes, dY, gradients } = context;
  const [X, scale, , inputMean, inputVariance] = inputs;
  if (gradients.some((gradient, place) => place > 0 && gradient !== undefined)) {
    throw new Error('its running mean and variance have no gradient rule');
  }
  const training = attributes.trainingMode === 1;
  const statistics = once(() => {
    const [mean, variance] = training ? batchStatistics(context) : [inputMean, inputVariance];
    return { mean, inverseDeviation: div(1, sqrt(add(variance, attributes.epsilon))) };
  });
  const sum = once(() => perChannelSum(dY));
  const dScale = once(() => {
    const { mean, inverseDeviation } = statistics();
    return mul(inverseDeviation, sub(perChannelDot(dY, X), mul(mean, sum())));
  });
  const slope = once(() => mul(scale, statistics().inverseDeviation));
  if (!training) {
    const dX = () => mul(dY, alongChannels(slope(), X));
    const dMean = () => neg(mul(slope(), sum()));
    const dVariance = () => mul(mul(slope(), statistics().inverseDeviation), mul(dScale(), -0.5));
    return [dX, dScale, sum, dMean, dVariance];
  }
  const dX = () => {
    const { mean, inverseDeviation } = statistics();
    const count = elementsPerChannel(X);
    const b = div(neg(mul(mul(slope(), inverseDeviation), dScale())), count);
    const c = neg(add(div(mul(slope(), sum()), count), mul(b, mean)));
    return add(mul(dY, alongChannels(slope(), X)), add(mul(X, alongChannels(b, X)), alongChannels(c, X)));
  };
  return [dX, dScale, sum, undefined, undefined];
}

function elementsPerChannel(X: Value): number {
  const [batch, , ...lengths] = staticShape(X.shape, 'the gradient of BatchNormalization');
  return batch * sizeOf(lengths);
}

/** Mean and variance of the batch. */
function batchStatistics({ inputs, outputs, attributes }: GradientContext<'BatchNormalization'>): readonly Value[] {
  if (attributes.momentum === 0 && outputs.length === 3) return outputs.slice(1);
  const [X] = inputs;
  return X.graph.apply('BatchNormalization', inputs, { ...attributes, momentum: 0 }, { outputs: 3 }).slice(1);
}
