import { spatialAttributes, transposedLengths, windowCounts } from '../../../src/graph/shape-inference/spatial.ts';
import { type StaticShape, sizeOf } from '../../../src/graph/tensor/shape.ts';
import { type Floats, float64, floats, optionalFloats } from './operands.ts';
import type { ReferenceContext } from './rule.ts';
import { windowsOver } from './windows.ts';

/**
 * `Y[n, m, w] = B[m] + sum over c, k of X[n, c, w * stride + k * dilation - pad] * W[m, c, k]`, where channel `m` of a group
 * sees that group's input channels only. X is `N x C x D1 x ...`, W is `M x C/group x k1 x ...`.
 */
export function conv(context: ReferenceContext<'Conv'>): Floats[] {
  const x = floats(context, 0);
  const weights = floats(context, 1);
  const bias = optionalFloats(context, 2);
  const { group } = context.attributes;
  const [batch, channels, ...lengths] = x.shape;
  const [filters, depth, ...kernel] = weights.shape;
  const spatial = spatialAttributes(context.attributes, lengths.length, kernel);
  const counts = windowCounts(lengths, spatial);
  const { count, size, positions } = windowsOver(lengths, counts, spatial);
  const area = sizeOf(lengths);
  const y = float64([batch, filters, ...counts]);
  // What a window sees, 0 in the padding, gathered once for all filters of its group.
  const seen = new Float64Array(depth * size);
  for (let n = 0; n < batch; n++) {
    for (let g = 0; g < group; g++) {
      for (let w = 0; w < count; w++) {
        for (let c = 0; c < depth; c++) {
          const plane = (n * channels + g * depth + c) * area;
          for (let k = 0; k < size; k++) {
            const position = positions[w * size + k];
            seen[c * size + k] = Number.isNaN(position) ? 0 : x.data[plane + position];
          }
        }
        for (let m = (g * filters) / group; m < ((g + 1) * filters) / group; m++) {
          y.data[(n * filters + m) * count + w] = (bias?.data[m] ?? 0) + dot(seen, weights.data, m * seen.length);
        }
      }
    }
  }
  return [y];
}

/** The sum of `a[i] * b[start + i]`. */
function dot(a: Float64Array, b: Float64Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[start + i];
  return sum;
}

/**
 * The transpose of a convolution as a linear map: every element of X adds its multiple of the kernel to the window of Y
 * that it would have been computed from. X is `N x C x D1 x ...`, W is `C x M/group x k1 x ...`.
 */
export function convTranspose(context: ReferenceContext<'ConvTranspose'>): Floats[] {
  const x = floats(context, 0);
  const weights = floats(context, 1);
  const bias = optionalFloats(context, 2);
  const { group, outputPadding } = context.attributes;
  const [batch, channels, ...counts] = x.shape;
  const [, depth, ...kernel] = weights.shape;
  const filters = depth * group;
  const spatial = spatialAttributes(context.attributes, counts.length, kernel);
  const extra = outputPadding.length === 0 ? counts.map(() => 0) : outputPadding;
  const lengths: StaticShape = transposedLengths(counts, spatial, extra);
  const { count, size, positions } = windowsOver(lengths, counts, spatial);
  const area = sizeOf(lengths);
  const y = float64([batch, filters, ...lengths]);
  if (bias) for (let i = 0; i < y.data.length; i++) y.data[i] = bias.data[Math.floor(i / area) % filters];
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      const firstFilter = Math.floor(c / (channels / group)) * depth;
      for (let m = 0; m < depth; m++) {
        const plane = (n * filters + firstFilter + m) * area;
        for (let w = 0; w < count; w++) {
          for (let k = 0; k < size; k++) {
            const position = positions[w * size + k];
            if (Number.isNaN(position)) continue;
            y.data[plane + position] +=
              x.data[(n * channels + c) * count + w] * weights.data[(c * depth + m) * size + k];
          }
        }
      }
    }
  }
  return [y];
}
