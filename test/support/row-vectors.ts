import { unitRows } from './unit-rows.ts';

/** Row `index` of numbers laid row after row. */
export const rowOf = (data: Float64Array, dimension: number, index: number): Float64Array =>
  data.subarray(index * dimension, (index + 1) * dimension);

/** Squared Euclidean distance, element by element. */
export const squaredBetween = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, place) => sum + (value - b[place]) ** 2, 0);

/** Inner product. */
export const dotOf = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, place) => sum + value * b[place], 0);

/** Mean; 0 of nothing. */
export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Random rows of unit length, pulled by `pull` towards an axis of their class: the more, the better in order. */
export function classRows(labels: readonly number[], dimension: number, seed: number, pull: number): Float64Array {
  const data = unitRows(labels.length, dimension, seed);
  for (const [index, label] of labels.entries()) {
    const own = rowOf(data, dimension, index);
    own[Math.max(0, label) % dimension] += pull;
    const length = Math.hypot(...own);
    for (let place = 0; place < dimension; place++) own[place] /= length;
  }
  return data;
}

/** The same numbers as float32 would keep them. */
export const asFloat32 = (data: Float64Array): Float64Array => Float64Array.from(Float32Array.from(data));
