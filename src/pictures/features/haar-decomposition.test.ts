import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { decomposeHaar } from './haar-decomposition.ts';

/** The orthonormal Haar basis by its definition: one row a wavelet, in the order of the decomposition's coefficients. */
function haarBasis(side: number): number[][] {
  return Array.from({ length: side }, (_, k) => {
    if (k === 0) return new Array<number>(side).fill(1 / Math.sqrt(side));
    const level = Math.floor(Math.log2(k));
    const support = side / 2 ** level;
    const start = (k - 2 ** level) * support;
    return Array.from({ length: side }, (_, x) => {
      if (x < start || x >= start + support) return 0;
      return (x < start + support / 2 ? 1 : -1) / Math.sqrt(support);
    });
  });
}

/** Every coefficient as the scalar product of the picture with a two-dimensional wavelet. */
function bruteForce(values: Float64Array, side: number): Float64Array {
  const basis = haarBasis(side);
  const coefficients = new Float64Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let sum = 0;
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) sum += basis[row][y] * basis[column][x] * values[y * side + x];
      }
      coefficients[row * side + column] = sum / side;
    }
  }
  return coefficients;
}

describe('decomposeHaar', () => {
  it.each([1, 2, 4, 16])('gives the scalar products with the Haar basis for a side of %i', (side) => {
    const random = RandomSource.fromSeed(side, 'haar test');
    const values = Float64Array.from({ length: side * side }, () => random.between(-1, 1));
    const expected = bruteForce(values, side);
    decomposeHaar(values, side);
    const differences = Array.from(values, (value, i) => Math.abs(value - expected[i]));
    expect(Math.max(...differences)).toBeLessThan(1e-14);
  });

  it('has the mean at [0, 0] and keeps the sum of squares, divided by the square of the side', () => {
    const random = RandomSource.fromSeed(0, 'haar test');
    const values = Float64Array.from({ length: 128 * 128 }, () => random.uniform());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const energy = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    decomposeHaar(values, 128);
    expect(values[0]).toBeCloseTo(mean, 12);
    expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(energy, 12);
  });

  it('refuses a side that is no power of two, and numbers that make no square of it', () => {
    expect(() => decomposeHaar(new Float64Array(36), 6)).toThrow('36 numbers for a side of 6');
    expect(() => decomposeHaar(new Float64Array(15), 4)).toThrow('15 numbers for a side of 4: give a power of two');
  });
});
