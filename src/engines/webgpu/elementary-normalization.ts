import type { OperatorNode, Value } from '../../graph/builder/graph.ts';
import {
  add,
  averagePool,
  div,
  exp,
  log,
  mul,
  pow,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  sqrt,
  sub,
} from '../../graph/builder/operations.ts';
import { alongChannels } from '../../graph/builder/per-channel.ts';
import type { OperatorAttributes } from '../../graph/operators/operator.ts';
import { isStatic, normalizeAxis } from '../../graph/tensor/shape.ts';

/**
 * Batch normalisation in training mode by means and products, with as many outputs as the node has:
 *
 *     Y = scale (X - mean) / sqrt(variance + epsilon) + B,  running = momentum given + (1 - momentum) batch's
 *
 * over all axes but the channels'. Undefined outside of training.
 */
export function trainingBatchNormalization(
  node: OperatorNode,
  inputs: readonly (Value | undefined)[],
): Value[] | undefined {
  const { epsilon, momentum, trainingMode } = node.attributes as OperatorAttributes<'BatchNormalization'>;
  if (trainingMode !== 1) return undefined;
  const [x, scale, bias, ...running] = inputs as readonly Value[];
  const axes = [...x.shape.keys()].filter((axis) => axis !== 1);
  const centred = sub(x, reduceMean(x, axes, true));
  const mean = reduceMean(x, axes);
  const variance = reduceMean(mul(centred, centred), axes);
  const slope = div(scale, sqrt(add(variance, epsilon)));
  const y = add(mul(centred, alongChannels(slope, x)), alongChannels(bias, x));
  const next = [mean, variance].map((batch, place) =>
    momentum === 0 ? batch : add(mul(running[place], momentum), mul(batch, 1 - momentum)),
  );
  return [y, ...next].slice(0, node.outputs.length);
}

/**
 * Local response normalisation `X (bias + alpha mean(X^2))^-beta`, the mean over the channels of the window by an average
 * pool along the channels. Undefined where a length is only a name.
 */
export function localResponseNormalization(
  node: OperatorNode,
  [x]: readonly (Value | undefined)[],
): Value[] | undefined {
  if (x === undefined || !isStatic(x.shape)) return undefined;
  const { alpha, beta, bias, size } = node.attributes as OperatorAttributes<'LRN'>;
  const before = Math.floor((size - 1) / 2);
  const planes = reshape(mul(x, x), [x.shape[0], 1, x.shape[1], -1]);
  const means = averagePool(planes, {
    kernelShape: [size, 1],
    strides: [1, 1],
    pads: [before, 0, size - 1 - before, 0],
    countIncludePad: 1,
  });
  return [mul(x, pow(add(mul(reshape(means, x.shape), alpha), bias), -beta))];
}

/** `x - max - log(sum(exp(x - max)))` along an axis. */
export function logSoftmaxOf(node: OperatorNode, [x]: readonly (Value | undefined)[]): Value[] | undefined {
  if (x === undefined) return undefined;
  const { axis } = node.attributes as OperatorAttributes<'LogSoftmax'>;
  const along = [normalizeAxis(axis, x.shape.length)];
  const shifted = sub(x, reduceMax(x, along, true));
  return [sub(shifted, log(reduceSum(exp(shifted), along, true)))];
}
