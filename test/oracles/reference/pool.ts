import { spatialAttributes, transposedLengths, windowCounts } from '../../../src/graph/shape-inference/spatial.ts';
import { sizeOf } from '../../../src/graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { type Elements, type Floats, float64, floats, given, numbers, optionalNumbers, zerosOf } from './operands.ts';
import type { ReferenceContext, ReferenceRules } from './rule.ts';
import { placeOf, windowsOver } from './windows.ts';

/**
 * The largest element of each window and, as a second output, its place in the whole input; of equal ones the first in
 * row-major order. Padding is never the largest. `storageOrder` 1 counts the places within a plane by columns.
 */
function maxPool(context: ReferenceContext<'MaxPool'>): Tensor[] {
  const x = given(context, 0);
  const [batch, channels, ...lengths] = x.shape;
  const spatial = spatialAttributes(context.attributes, lengths.length);
  const counts = windowCounts(lengths, spatial, context.attributes.ceilMode === 1);
  const { count, size, positions } = windowsOver(lengths, counts, spatial);
  const area = sizeOf(lengths);
  const shape = [batch, channels, ...counts];
  const y = zerosOf(x.type, shape);
  const best: Elements = y.data;
  const indices = tensor('int64', shape);
  const columnMajor = context.attributes.storageOrder === 1;
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let w = 0; w < count; w++) {
      let first = Number.NaN;
      for (let k = 0; k < size; k++) {
        const position = positions[w * size + k];
        if (Number.isNaN(position)) continue;
        if (Number.isNaN(first) || x.data[plane * area + position] > x.data[plane * area + first]) first = position;
      }
      if (Number.isNaN(first)) throw new Error(`MaxPool's window ${w} lies wholly in the padding: use smaller pads`);
      best[plane * count + w] = x.data[plane * area + first];
      const within = columnMajor ? columnMajorPlace(first, lengths) : first;
      indices.data[plane * count + w] = BigInt(plane * area + within);
    }
  }
  return [y, indices].slice(0, context.outputCount);
}

function columnMajorPlace(position: number, lengths: readonly number[]): number {
  return placeOf(position, lengths).reduceRight((place, index, axis) => place * lengths[axis] + index, 0);
}

/**
 * The mean of each window: over its elements inside the input or, with `countIncludePad`, also over the zeros of the
 * padding. What ceil mode lets a window reach beyond the padding is never counted.
 */
function averagePool(context: ReferenceContext<'AveragePool'>): Floats[] {
  const x = floats(context, 0);
  const [batch, channels, ...lengths] = x.shape;
  const spatial = spatialAttributes(context.attributes, lengths.length);
  const counts = windowCounts(lengths, spatial, context.attributes.ceilMode === 1);
  const { count, size, positions } = windowsOver(lengths, counts, spatial);
  const none = lengths.map(() => 0);
  const paddedLengths = lengths.map((length, axis) => spatial.padsBegin[axis] + length + spatial.padsEnd[axis]);
  const padded = windowsOver(paddedLengths, counts, { ...spatial, padsBegin: none, padsEnd: none });
  const counted = context.attributes.countIncludePad === 1 ? padded.positions : positions;
  const area = sizeOf(lengths);
  const y = float64([batch, channels, ...counts]);
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let w = 0; w < count; w++) {
      let sum = 0;
      let divisor = 0;
      for (let k = 0; k < size; k++) {
        const position = positions[w * size + k];
        if (!Number.isNaN(position)) sum += x.data[plane * area + position];
        if (!Number.isNaN(counted[w * size + k])) divisor++;
      }
      y.data[plane * count + w] = sum / divisor;
    }
  }
  return [y];
}

/** Zeros, with each element of X at the place in the whole output that I says. */
function maxUnpool(context: ReferenceContext<'MaxUnpool'>): Tensor[] {
  const x = given(context, 0);
  const [batch, channels, ...counts] = x.shape;
  const spatial = spatialAttributes(context.attributes, counts.length);
  const lengths = transposedLengths(
    counts,
    spatial,
    counts.map(() => 0),
  );
  const result = zerosOf(x.type, optionalNumbers(context, 2) ?? [batch, channels, ...lengths]);
  const y: Elements = result.data;
  for (const [i, place] of numbers(context, 1).entries()) {
    if (place < 0 || place >= y.length) {
      throw new Error(`MaxUnpool has the index ${place} for an output of ${y.length} elements`);
    }
    y[place] = x.data[i];
  }
  return [result];
}

/** One number a channel: `summary` of its plane. */
function global(summary: (plane: Float64Array) => number) {
  return (context: ReferenceContext<'GlobalAveragePool' | 'GlobalMaxPool'>): Floats[] => {
    const x = floats(context, 0);
    const [batch, channels, ...lengths] = x.shape;
    const area = sizeOf(lengths);
    const y = float64([batch, channels, ...lengths.map(() => 1)]);
    for (let plane = 0; plane < y.data.length; plane++) {
      y.data[plane] = summary(x.data.subarray(plane * area, (plane + 1) * area));
    }
    return [y];
  };
}

/** Pooling operators as ONNX defines them, for any number of spatial axes. */
export const pool = {
  AveragePool: averagePool,
  GlobalAveragePool: global((plane) => plane.reduce((sum, x) => sum + x, 0) / plane.length),
  GlobalMaxPool: global((plane) => plane.reduce((a, b) => Math.max(a, b), -Infinity)),
  MaxPool: maxPool,
  MaxUnpool: maxUnpool,
} satisfies Partial<ReferenceRules>;
