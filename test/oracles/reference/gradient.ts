import { spatialAttributes, windowCounts } from '../../../src/graph/shape-inference/spatial.ts';
import { normalizeAxis, type StaticShape, sizeOf } from '../../../src/graph/tensor/shape.ts';
import { errorFunction } from './error-function.ts';
import { windowOfChannel } from './normalization.ts';
import { type Floats, float64, floats } from './operands.ts';
import { broadcastPositions, broadcastTo, linesAlong } from './positions.ts';
import type { ReferenceContext, ReferenceRules } from './rule.ts';
import { windowsOver } from './windows.ts';

/** Calls `each` with every product that a convolution sums: the positions of its image, weight and result. */
function everyProduct(
  imageShape: StaticShape,
  weightShape: StaticShape,
  resultShape: StaticShape,
  attributes: ReferenceContext<'Conv'>['attributes'],
  each: (image: number, weight: number, result: number) => void,
): void {
  const [batch, channels, ...lengths] = imageShape;
  const [filters, depth, ...kernel] = weightShape;
  const counts = resultShape.slice(2);
  const spatial = spatialAttributes(attributes, lengths.length, kernel);
  const { count, size, positions } = windowsOver(lengths, counts, spatial);
  const area = sizeOf(lengths);
  const filtersEach = filters / attributes.group;
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < filters; m++) {
      for (let c = 0; c < depth; c++) {
        const plane = (n * channels + Math.floor(m / filtersEach) * depth + c) * area;
        for (let place = 0; place < count * size; place++) {
          if (Number.isNaN(positions[place])) continue;
          const [window, tap] = [Math.floor(place / size), place % size];
          each(plane + positions[place], (m * depth + c) * size + tap, (n * filters + m) * count + window);
        }
      }
    }
  }
}

function convInputGradient(context: ReferenceContext<'ConvInputGradient'>): Floats[] {
  const [dY, weights] = [floats(context, 0), floats(context, 1)];
  const { attributes } = context;
  const dX = float64(attributes.imageShape);
  everyProduct(dX.shape, weights.shape, dY.shape, attributes, (image, weight, result) => {
    dX.data[image] += dY.data[result] * weights.data[weight];
  });
  return [dX];
}

function convWeightGradient(context: ReferenceContext<'ConvWeightGradient'>): Floats[] {
  const [x, dY] = [floats(context, 0), floats(context, 1)];
  const { attributes } = context;
  const [batch, filters, ...counts] = dY.shape;
  const dW = float64([filters, x.shape[1] / attributes.group, ...attributes.kernelShape]);
  everyProduct(x.shape, dW.shape, dY.shape, attributes, (image, weight, result) => {
    dW.data[weight] += dY.data[result] * x.data[image];
  });
  const dB = float64([filters]);
  const area = sizeOf(counts);
  for (let i = 0; i < batch * filters * area; i++) dB.data[Math.floor(i / area) % filters] += dY.data[i];
  return [dW, dB].slice(0, context.outputCount);
}

/** Each element of dY goes to the first of the largest elements of its window. */
function maxPoolGradient(context: ReferenceContext<'MaxPoolGradient'>): Floats[] {
  const [x, , dY] = [0, 1, 2].map((index) => floats(context, index));
  const lengths = x.shape.slice(2);
  const counts = dY.shape.slice(2);
  const { count, size, positions } = windowsOver(
    lengths,
    counts,
    spatialAttributes(context.attributes, lengths.length),
  );
  const area = sizeOf(lengths);
  const dX = float64(x.shape);
  for (let window = 0; window < dY.data.length; window++) {
    const plane = Math.floor(window / count) * area;
    const inside = Array.from(positions.subarray((window % count) * size, (window % count) * size + size));
    const seen = inside.filter((position) => !Number.isNaN(position)).map((position) => plane + position);
    const largest = Math.max(...seen.map((position) => x.data[position]));
    dX.data[seen.find((position) => x.data[position] === largest)!] += dY.data[window];
  }
  return [dX];
}

/** Each element of dY goes to the elements of its window in equal shares; what lies in the padding and counts is lost. */
function averagePoolGradient(context: ReferenceContext<'AveragePoolGradient'>): Floats[] {
  const dY = floats(context, 0);
  const { attributes } = context;
  const dX = float64(attributes.imageShape);
  const lengths = attributes.imageShape.slice(2);
  const spatial = spatialAttributes(attributes, lengths.length);
  const counts = windowCounts(lengths, spatial, attributes.ceilMode === 1);
  const { count, size, positions } = windowsOver(lengths, counts, spatial);
  const padded = lengths.map((length, axis) => spatial.padsBegin[axis] + length + spatial.padsEnd[axis]);
  const unpadded = { ...spatial, padsBegin: lengths.map(() => 0), padsEnd: lengths.map(() => 0) };
  const counted = attributes.countIncludePad === 1 ? windowsOver(padded, counts, unpadded).positions : positions;
  const area = sizeOf(lengths);
  for (let window = 0; window < dY.data.length; window++) {
    const first = (window % count) * size;
    const divisor = counted.subarray(first, first + size).filter((position) => !Number.isNaN(position)).length;
    for (const position of positions.subarray(first, first + size)) {
      if (Number.isNaN(position)) continue;
      dX.data[Math.floor(window / count) * area + position] += dY.data[window] / divisor;
    }
  }
  return [dX];
}

function globalAveragePoolGradient(context: ReferenceContext<'GlobalAveragePoolGradient'>): Floats[] {
  const dY = floats(context, 0);
  const dX = float64(context.attributes.imageShape);
  const area = sizeOf(dX.shape.slice(2));
  for (let i = 0; i < dX.data.length; i++) dX.data[i] = dY.data[Math.floor(i / area)] / area;
  return [dX];
}

/** `dX = scale (dY - mean(dY) - xhat mean(dY xhat)) / deviation` in training, `scale dY / deviation` otherwise. */
function batchNormalizationGradient(context: ReferenceContext<'BatchNormalizationGradient'>): Floats[] {
  const [dY, x, scale, mean, variance] = [0, 1, 2, 3, 4].map((index) => floats(context, index));
  const { epsilon, trainingMode } = context.attributes;
  const [, channels, ...lengths] = x.shape;
  const area = sizeOf(lengths);
  const count = x.data.length / channels;
  const channelOf = (i: number) => Math.floor(i / area) % channels;
  const deviation = variance.data.map((value) => Math.sqrt(value + epsilon));
  const standardized = x.data.map((value, i) => (value - mean.data[channelOf(i)]) / deviation[channelOf(i)]);
  const [dX, dScale, dB] = [float64(x.shape), float64([channels]), float64([channels])];
  for (let i = 0; i < x.data.length; i++) {
    dScale.data[channelOf(i)] += dY.data[i] * standardized[i];
    dB.data[channelOf(i)] += dY.data[i];
  }
  for (let i = 0; i < x.data.length; i++) {
    const c = channelOf(i);
    const common = trainingMode === 1 ? (dB.data[c] + standardized[i] * dScale.data[c]) / count : 0;
    dX.data[i] = (scale.data[c] / deviation[c]) * (dY.data[i] - common);
  }
  return [dX, dScale, dB].slice(0, context.outputCount);
}

/** `Y_c = X_c s_c^-beta` and `d s_c / d X_j = 2 alpha / size X_j` for each channel j of the window of c. */
function localResponseGradient(context: ReferenceContext<'LrnGradient'>): Floats[] {
  const [dY, x] = [floats(context, 0), floats(context, 1)];
  const { alpha, beta, bias, size } = context.attributes;
  const { starts, length, step } = linesAlong(x.shape, 1);
  const dX = float64(x.shape);
  for (const start of starts) {
    for (let c = 0; c < length; c++) {
      const window = windowOfChannel(c, length, size).map((other) => start + other * step);
      const squares = window.reduce((sum, other) => sum + x.data[other] ** 2, 0);
      const s = bias + (alpha / size) * squares;
      const here = start + c * step;
      dX.data[here] += dY.data[here] * s ** -beta;
      const byScale = -beta * dY.data[here] * x.data[here] * s ** (-beta - 1);
      for (const other of window) dX.data[other] += ((byScale * 2 * alpha) / size) * x.data[other];
    }
  }
  return [dX];
}

function reluGradient(context: ReferenceContext<'ReluGradient'>): Floats[] {
  const [dY, y] = [floats(context, 0), floats(context, 1)];
  return [
    float64(
      dY.shape,
      dY.data.map((value, i) => (y.data[i] > 0 ? value : 0)),
    ),
  ];
}

function clipGradient(context: ReferenceContext<'ClipGradient'>): Floats[] {
  const [dY, x, y] = [floats(context, 0), floats(context, 1), floats(context, 2)];
  return [
    float64(
      dY.shape,
      dY.data.map((value, i) => (x.data[i] === y.data[i] ? value : 0)),
    ),
  ];
}

function softmaxGradient(context: ReferenceContext<'SoftmaxGradient'>): Floats[] {
  const [dY, y] = [floats(context, 0), floats(context, 1)];
  const { starts, length, step } = linesAlong(y.shape, normalizeAxis(context.attributes.axis, y.shape.length));
  const dX = float64(y.shape);
  for (const start of starts) {
    let along = 0;
    for (let i = 0; i < length; i++) along += dY.data[start + i * step] * y.data[start + i * step];
    for (let i = 0; i < length; i++) {
      const place = start + i * step;
      dX.data[place] = y.data[place] * (dY.data[place] - along);
    }
  }
  return [dX];
}

/** The area under the bell curve up to x, or what tanh makes of it, and its height there; `slope` is the derivative of what tanh is of. */
function bell(x: number, approximate: string): { readonly area: number; readonly height: number } {
  if (approximate === 'none') {
    return {
      area: (1 + errorFunction(x / Math.SQRT2)) / 2,
      height: Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI),
    };
  }
  const area = 1 / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  return { area, height: area * (1 - area) * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x) };
}

function fusedGelu(context: ReferenceContext<'FusedGelu'>): Floats[] {
  const x = floats(context, 0);
  const { approximate } = context.attributes;
  return [
    float64(
      x.shape,
      x.data.map((value) => value * bell(value, approximate).area),
    ),
  ];
}

function geluGradient(context: ReferenceContext<'GeluGradient'>): Floats[] {
  const [dY, x] = [floats(context, 0), floats(context, 1)];
  const slopes = x.data.map((value) => {
    const { area, height } = bell(value, context.attributes.approximate);
    return area + value * height;
  });
  return [
    float64(
      dY.shape,
      dY.data.map((value, i) => value * slopes[i]),
    ),
  ];
}

/** By the Jacobian of each line: `d Y_j / d X_i = scale_j / sigma (delta_ij - 1 / n - xhat_i xhat_j / n)`. */
function layerNormalizationGradient(context: ReferenceContext<'LayerNormalizationGradient'>): Floats[] {
  const [dY, x, given] = [floats(context, 0), floats(context, 1), floats(context, 2)];
  const { axis, epsilon } = context.attributes;
  const size = sizeOf(x.shape.slice(normalizeAxis(axis, x.shape.length)));
  const scale = broadcastTo(given, x.shape).data;
  const places = broadcastPositions(given.shape, x.shape);
  const [dX, dScale, dB] = [float64(x.shape), float64(given.shape), float64(given.shape)];
  for (let first = 0; first < x.data.length; first += size) {
    const line = x.data.subarray(first, first + size);
    const mean = line.reduce((sum, value) => sum + value, 0) / size;
    const variance = line.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    const sigma = Math.sqrt(variance + epsilon);
    const hats = line.map((value) => (value - mean) / sigma);
    for (let j = 0; j < size; j++) {
      const place = first + j;
      dScale.data[places[place]] += dY.data[place] * hats[j];
      dB.data[places[place]] += dY.data[place];
      for (let i = 0; i < size; i++) {
        const slope = (i === j ? 1 : 0) - 1 / size - (hats[i] * hats[j]) / size;
        dX.data[first + i] += (dY.data[place] * scale[place] * slope) / sigma;
      }
    }
  }
  return [dX, dScale, dB].slice(0, context.outputCount);
}

/** Gradients of other operators, by their definitions. */
export const gradient = {
  AveragePoolGradient: averagePoolGradient,
  BatchNormalizationGradient: batchNormalizationGradient,
  ClipGradient: clipGradient,
  ConvInputGradient: convInputGradient,
  ConvWeightGradient: convWeightGradient,
  FusedGelu: fusedGelu,
  GeluGradient: geluGradient,
  GlobalAveragePoolGradient: globalAveragePoolGradient,
  LayerNormalizationGradient: layerNormalizationGradient,
  LrnGradient: localResponseGradient,
  MaxPoolGradient: maxPoolGradient,
  ReluGradient: reluGradient,
  SoftmaxGradient: softmaxGradient,
} satisfies Partial<ReferenceRules>;
