import { normalizeAxis, sizeOf } from '../../../src/graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { type Floats, float64, floats, given, optionalFloats } from './operands.ts';
import { broadcastTo, linesAlong } from './positions.ts';
import type { ReferenceContext, ReferenceRules } from './rule.ts';

/** Mean and population variance (the divisor is the count) of the elements at `positions`. */
function moments(
  data: Float64Array,
  positions: ArrayLike<number>,
): { readonly mean: number; readonly variance: number } {
  const count = positions.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += data[positions[i]];
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (data[positions[i]] - mean) ** 2;
  return { mean, variance: squares / count };
}

/** Where the elements of plane `n, c` of an `N x C x area` array lie, for each of `batches`. */
function planePositions(batches: readonly number[], channel: number, channels: number, area: number): number[] {
  return batches.flatMap((n) => Array.from({ length: area }, (_, i) => (n * channels + channel) * area + i));
}

/**
 * `Y = scale * (X - mean) / sqrt(variance + epsilon) + B` for each channel of `N x C x ...`. In training mode mean and
 * population variance are the batch's own, and the second and third output are the running ones,
 * `running = input * momentum + batch * (1 - momentum)`; otherwise they are the inputs.
 */
function batchNormalization(context: ReferenceContext<'BatchNormalization'>): Floats[] {
  const [x, scale, bias, inputMean, inputVariance] = [0, 1, 2, 3, 4].map((index) => floats(context, index));
  const { epsilon, momentum, trainingMode } = context.attributes;
  const [batch, channels = 1, ...lengths] = x.shape;
  const area = sizeOf(lengths);
  const rows = Array.from({ length: batch }, (_, n) => n);
  const y = float64(x.shape);
  const runningMean = float64([channels]);
  const runningVariance = float64([channels]);
  for (let c = 0; c < channels; c++) {
    const positions = planePositions(rows, c, channels, area);
    const given = { mean: inputMean.data[c], variance: inputVariance.data[c] };
    const used = trainingMode === 1 ? moments(x.data, positions) : given;
    const factor = scale.data[c] / Math.sqrt(used.variance + epsilon);
    for (const position of positions) y.data[position] = factor * (x.data[position] - used.mean) + bias.data[c];
    runningMean.data[c] = given.mean * momentum + used.mean * (1 - momentum);
    runningVariance.data[c] = given.variance * momentum + used.variance * (1 - momentum);
  }
  return [y, runningMean, runningVariance].slice(0, context.outputCount);
}

/** The same formula with mean and population variance of each plane by itself. */
function instanceNormalization(context: ReferenceContext<'InstanceNormalization'>): Floats[] {
  const [x, scale, bias] = [0, 1, 2].map((index) => floats(context, index));
  const [batch, channels, ...lengths] = x.shape;
  const area = sizeOf(lengths);
  const y = float64(x.shape);
  for (let plane = 0; plane < batch * channels; plane++) {
    const c = plane % channels;
    const positions = planePositions([Math.floor(plane / channels)], c, channels, area);
    const { mean, variance } = moments(x.data, positions);
    const factor = scale.data[c] / Math.sqrt(variance + context.attributes.epsilon);
    for (const position of positions) y.data[position] = factor * (x.data[position] - mean) + bias.data[c];
  }
  return [y];
}

/** Mean and population variance over the axes from `axis` on; Scale and B are broadcast over X. */
function layerNormalization(context: ReferenceContext<'LayerNormalization'>): Floats[] {
  const x = floats(context, 0);
  const scale = broadcastTo(floats(context, 1), x.shape).data;
  const bias = optionalFloats(context, 2);
  const shift = bias && broadcastTo(bias, x.shape).data;
  const axis = normalizeAxis(context.attributes.axis, x.shape.length);
  const size = sizeOf(x.shape.slice(axis));
  const y = float64(x.shape);
  const means = float64(x.shape.map((length, a) => (a < axis ? length : 1)));
  const inverses = float64(means.shape);
  for (let group = 0; group < means.data.length; group++) {
    const positions = Array.from({ length: size }, (_, i) => group * size + i);
    const { mean, variance } = moments(x.data, positions);
    const inverse = 1 / Math.sqrt(variance + context.attributes.epsilon);
    for (const i of positions) y.data[i] = (x.data[i] - mean) * inverse * scale[i] + (shift?.[i] ?? 0);
    means.data[group] = mean;
    inverses.data[group] = inverse;
  }
  return [y, means, inverses].slice(0, context.outputCount);
}

/** `x / (sum of |x|^p)^(1/p)` along an axis, p being 1 or 2; a line of zeros stays zeros. */
function lpNormalization(context: ReferenceContext<'LpNormalization'>): Floats[] {
  const x = floats(context, 0);
  const { axis, p } = context.attributes;
  const { starts, length, step } = linesAlong(x.shape, normalizeAxis(axis, x.shape.length));
  const y = float64(x.shape);
  for (const start of starts) {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += Math.abs(x.data[start + i * step]) ** p;
    const norm = sum ** (1 / p);
    for (let i = 0; i < length; i++) {
      y.data[start + i * step] = norm === 0 ? 0 : x.data[start + i * step] / norm;
    }
  }
  return [y];
}

/** The channels of the window around one of `count`, as far as they exist. */
export function windowOfChannel(channel: number, count: number, size: number): number[] {
  const first = channel - Math.floor((size - 1) / 2);
  const window = Array.from({ length: size }, (_, place) => first + place);
  return window.filter((other) => other >= 0 && other < count);
}

/**
 * `Y[n, c] = X[n, c] / (bias + alpha / size * S)^beta`, S being the sum of the squares at the same place over the channels
 * `c - floor((size - 1) / 2)` to `c + ceil((size - 1) / 2)` as far as they exist (Krizhevsky et al. 2012, section 3.3).
 */
function localResponse(context: ReferenceContext<'LRN'>): Floats[] {
  const x = floats(context, 0);
  const { alpha, beta, bias, size } = context.attributes;
  const { starts, length, step } = linesAlong(x.shape, 1);
  const y = float64(x.shape);
  for (const start of starts) {
    for (let c = 0; c < length; c++) {
      const squares = windowOfChannel(c, length, size).reduce(
        (sum, other) => sum + x.data[start + other * step] ** 2,
        0,
      );
      y.data[start + c * step] = x.data[start + c * step] / (bias + (alpha / size) * squares) ** beta;
    }
  }
  return [y];
}

/**
 * The input itself and a mask of nothing but true.
 *
 * @throws in training mode with a ratio above 0: the masks would be the engine's own secret, where a training step takes
 * them as an input.
 */
function dropout(context: ReferenceContext<'Dropout'>): Tensor[] {
  const x = given(context, 0);
  const ratio = optionalFloats(context, 1)?.data[0] ?? 0.5;
  if (context.inputs[2]?.data[0] && ratio > 0) {
    throw new Error('Dropout in training mode has no reference: multiply by a mask that is fed instead');
  }
  const mask = tensor('bool', x.shape);
  mask.data.fill(1);
  return [x, mask].slice(0, context.outputCount);
}

/** Normalisations as ONNX defines them. */
export const normalization = {
  BatchNormalization: batchNormalization,
  Dropout: dropout,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  LRN: localResponse,
} satisfies Partial<ReferenceRules>;
