import type { Value } from '../../graph/builder/graph.ts';
import { add, conv, gemm, lengthOf, maxPool, mul } from '../../graph/builder/operations.ts';
import { filledWith, heNormal, type Initializer } from './initializers.ts';
import type { NetworkScope } from './network-scope.ts';

/** Kernel side, stride and padding (before and after, on both axes) of a square convolution or pool. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  /** Zeros before and after: one number for both, or [before, after] for height and for width. */
  readonly pad: number | { readonly height: readonly [number, number]; readonly width: readonly [number, number] };
}

/** ONNX's pads of a window: [top, left, bottom, right]. */
export function padsOf({ pad }: Window): number[] {
  if (typeof pad === 'number') return [pad, pad, pad, pad];
  return [pad.height[0], pad.width[0], pad.height[1], pad.width[1]];
}

/**
 * Padding by the rule called SAME: output length = ceil(input length / stride), an odd zero goes behind.
 *
 * Source: the convention of TensorFlow and Keras, which the article uses and the paper's shapes need.
 */
export function samePadding(height: number, width: number, size: number, stride: number): Window['pad'] {
  const around = (length: number): readonly [number, number] => {
    const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0);
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  };
  return { height: around(height), width: around(width) };
}

/**
 * Square convolution, weight [filters, channels / groups, size, size], He-normal. With `groups` (default 1) each group of
 * filters sees its own share of the channels. Shapes: [N, C, H, W] to [N, filters, H', W'].
 */
export function convolution(
  scope: NetworkScope,
  name: string,
  x: Value,
  filters: number,
  window: Window,
  options: { readonly bias: boolean; readonly groups?: number },
): Value {
  const { groups = 1 } = options;
  const channels = lengthOf(x, 1) / groups;
  const weight = scope.parameter(`${name}.weight`, [filters, channels, window.size, window.size], heNormal, {
    decays: true,
  });
  const bias = options.bias ? scope.parameter(`${name}.bias`, [filters], filledWith(0)) : undefined;
  return conv(x, weight, bias, {
    kernelShape: [window.size, window.size],
    strides: [window.stride, window.stride],
    pads: padsOf(window),
    dilations: [1, 1],
    group: groups,
  });
}

/** `x W' + b`, weight [features out, features in]. Shapes: [N, in] to [N, features]. */
export function linear(
  scope: NetworkScope,
  name: string,
  x: Value,
  features: number,
  initializer: Initializer = heNormal,
): Value {
  const weight = scope.parameter(`${name}.weight`, [features, lengthOf(x, 1)], initializer, { decays: true });
  const bias = scope.parameter(`${name}.bias`, [features], filledWith(0));
  return gemm(x, weight, bias, { transB: 1 });
}

/**
 * Batch normalisation over N, H, W for each channel: `scale (x - mean) / sqrt(variance + 1e-5) + bias`. In training mean and
 * variance are the batch's and the running ones move a tenth of the way towards them; otherwise they are the running ones.
 * The running variance is of the population, as ONNX defines it (PyTorch's is unbiased).
 *
 * Source: Ioffe and Szegedy 2015, algorithm 1.
 */
export function batchNormalization(scope: NetworkScope, name: string, x: Value): Value {
  const channels = lengthOf(x, 1);
  const scale = scope.parameter(`${name}.scale`, [channels], filledWith(1));
  const bias = scope.parameter(`${name}.bias`, [channels], filledWith(0));
  const mean = scope.statistic(`${name}.running_mean`, [channels], 0);
  const variance = scope.statistic(`${name}.running_variance`, [channels], 1);
  // In training onnxruntime writes a node's running statistics over the ones it is given, before others have read them: it
  // gets zeros of its own. With momentum 0 they do not count, and what comes out is the batch's own mean and variance, which
  // the gradient needs as well.
  const given = scope.training ? [mul(mean, 0), mul(variance, 0)] : [mean, variance];
  const [y, batchMean, batchVariance] = scope.graph.apply(
    'BatchNormalization',
    [x, scale, bias, ...given],
    { epsilon: 1e-5, momentum: 0, trainingMode: scope.training ? 1 : 0 },
    { outputs: scope.training ? 3 : 1 },
  );
  if (scope.training) {
    const towards = (running: Value, batch: Value) => add(mul(running, 0.9), mul(batch, 0.1));
    scope.updateStatistic(`${name}.running_mean`, towards(mean, batchMean));
    scope.updateStatistic(`${name}.running_variance`, towards(variance, batchVariance));
  }
  return y;
}

/** A convolution without bias of an odd `size`, padded so that stride 1 keeps the lengths, and batch normalisation, `name.norm`. */
export function normalizedConvolution(
  scope: NetworkScope,
  name: string,
  x: Value,
  filters: number,
  { size, stride, groups = 1 }: { readonly size: number; readonly stride: number; readonly groups?: number },
): Value {
  const window = { size, stride, pad: (size - 1) / 2 };
  const y = convolution(scope, name, x, filters, window, { bias: false, groups });
  return batchNormalization(scope, `${name}.norm`, y);
}

/**
 * Local response normalisation over the five channels around each: `x / (2 + 1e-4 S)^0.75`, S being the sum of their squares
 * at the same place. (ONNX and Caffe divide alpha by the five channels; the paper does not: 5e-4 here is its 1e-4.)
 *
 * Source: Krizhevsky et al. 2012, section 3.3.
 */
export function localResponseNormalization(x: Value): Value {
  return x.graph.apply('LRN', [x], { size: 5, alpha: 5e-4, beta: 0.75, bias: 2 })[0];
}

/** The largest of each window. */
export function maxPooling(x: Value, window: Window): Value {
  return maxPool(x, {
    kernelShape: [window.size, window.size],
    strides: [window.stride, window.stride],
    pads: padsOf(window),
    dilations: [1, 1],
  });
}
