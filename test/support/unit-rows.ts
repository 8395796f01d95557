import { RandomSource } from '../../src/foundation/random/random-source.ts';

/** Random rows of unit length. */
export function unitRows(rows: number, dimension: number, seed: number): Float64Array {
  const random = RandomSource.fromSeed(seed, 'unit rows');
  const data = Float64Array.from({ length: rows * dimension }, () => random.normal());
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * dimension, (row + 1) * dimension);
    const length = Math.hypot(...own);
    for (let place = 0; place < dimension; place++) own[place] /= length;
  }
  return data;
}
