import { GraphError } from '../../../foundation/errors/graph-error.ts';
import type { Value } from '../../builder/graph.ts';
import { add, div, mul, neg, sqrt } from '../../builder/operations.ts';
import { staticShape } from '../../tensor/shape.ts';
import type { Gradient, GradientContext } from '../gradient-rule.ts';
import { once } from '../once.ts';

/**
 * Batch normalisation `Y = scale xhat + B`, `xhat = (X - mean) / sqrt(variance + epsilon)` over N, H, W for each channel.
 *
 * In training mode mean and variance are X's own, and the gradient goes through them, too. They are the node's own outputs
 * if its momentum is 0; otherwise the node is run again with momentum 0 for them, which is exact where taking them back out
 * of a running mean would not be.
 *
 * Otherwise they are inputs, Y is affine in X, and they get gradients too.
 *
 * Source: Ioffe and Szegedy 2015, section 3.
 */
export function batchNormalizationGradients(context: GradientContext<'BatchNormalization'>): (Gradient | undefined)[] {
  const { inputs, attributes, dY, gradients } = context;
  const [X, scale, , inputMean, inputVariance] = inputs;
  if (gradients.some((gradient, place) => place > 0 && gradient !== undefined)) {
    throw new GraphError('its running mean and variance have no gradient rule');
  }
  staticShape(X.shape, 'the gradient of BatchNormalization');
  const { epsilon, trainingMode } = attributes;
  const training = trainingMode === 1;
  const found = once(() => {
    const statistics = training ? batchStatistics(context) : [inputMean, inputVariance];
    const all = [dY, X, scale, ...statistics];
    return dY.graph.apply('BatchNormalizationGradient', all, { epsilon, trainingMode }, { outputs: 3 });
  });
  const [dX, dScale, dB] = [0, 1, 2].map((place) => () => found()[place]);
  if (training) return [dX, dScale, dB, undefined, undefined];
  const slope = once(() => div(1, sqrt(add(inputVariance, epsilon))));
  const dMean = () => neg(mul(mul(scale, slope()), dB()));
  const dVariance = () => mul(mul(mul(scale, slope()), slope()), mul(dScale(), -0.5));
  return [dX, dScale, dB, dMean, dVariance];
}

/** Mean and variance of the batch. */
function batchStatistics({ inputs, outputs, attributes }: GradientContext<'BatchNormalization'>): readonly Value[] {
  if (attributes.momentum === 0 && outputs.length === 3) return outputs.slice(1);
  const [X] = inputs;
  return X.graph.apply('BatchNormalization', inputs, { ...attributes, momentum: 0 }, { outputs: 3 }).slice(1);
}
