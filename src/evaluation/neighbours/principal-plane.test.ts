import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { principalPlane } from './principal-plane.ts';

/** Eigenvalues of a symmetric matrix, largest first, by Jacobi rotations. */
function eigenvalues(matrix: number[][]): number[] {
  const a = matrix.map((row) => [...row]);
  const n = a.length;
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p][q]) < 1e-300) continue;
        const angle = Math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < n; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
        for (let k = 0; k < n; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
      }
    }
  }
  return a.map((row, k) => row[k]).sort((x, y) => y - x);
}

/** The sums of products of the centred columns. */
function scatter(data: Float32Array, dimension: number): number[][] {
  const rows = data.length / dimension;
  const mean = Array.from({ length: dimension }, (_, k) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += data[row * dimension + k];
    return sum / rows;
  });
  const at = (row: number, k: number) => data[row * dimension + k] - mean[k];
  return mean.map((_, j) =>
    mean.map((_, k) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += at(row, j) * at(row, k);
      return sum;
    }),
  );
}

const random = (rows: number, dimension: number, seed: number) => {
  const source = RandomSource.fromSeed(seed, 'rows');
  return Float32Array.from({ length: rows * dimension }, (_, at) => source.normal() * (1 + 3 / (1 + (at % dimension))));
};

describe('principalPlane', () => {
  it('has the variances of the two largest eigenvalues of the covariance, and axes that are not correlated', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 30 }),
        fc.integer({ min: 2, max: 8 }),
        fc.nat(1000),
        (rows, dimension, seed) => {
          const data = random(rows, dimension, seed);
          const { coordinates, shares } = principalPlane({ data, dimension });
          const values = eigenvalues(scatter(data, dimension));
          const total = values.reduce((sum, value) => sum + value, 0);
          const of = (axis: 0 | 1) => Array.from({ length: rows }, (_, row) => coordinates[2 * row + axis]);
          const product = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
          // Nearly equal eigenvalues are found slowly; their sum is not.
          expect(shares[0] + shares[1]).toBeCloseTo((values[0] + values[1]) / total, 4);
          expect(shares[0]).toBeLessThanOrEqual(values[0] / total + 1e-9);
          expect(product(of(0), of(0)) / total).toBeCloseTo(shares[0], 9);
          expect(product(of(0), of(1)) / total).toBeCloseTo(0, 9);
          expect(shares[0]).toBeGreaterThanOrEqual(shares[1] - 1e-12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shows points of a plane as they lie, turned', () => {
    const flat = RandomSource.fromSeed(2, 'flat');
    const points = Array.from({ length: 20 }, () => [flat.normal() * 5, flat.normal()]);
    // Two orthogonal directions of five dimensions.
    const [u, v] = [
      [0.5, 0.5, 0.5, 0.5, 0],
      [0.5, -0.5, 0.5, -0.5, 0],
    ];
    const data = Float32Array.from(points.flatMap(([x, y]) => u.map((one, k) => x * one + y * v[k] + k)));
    const { coordinates, shares } = principalPlane({ data, dimension: 5 });
    expect(shares[0] + shares[1]).toBeCloseTo(1, 6);
    const between = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const at = (row: number) => [coordinates[2 * row], coordinates[2 * row + 1]];
    for (let a = 0; a < 20; a++) {
      for (let b = 0; b < 20; b++) expect(between(at(a), at(b))).toBeCloseTo(between(points[a], points[b]), 4);
    }
  });

  it('takes equal rows, one row and one dimension', () => {
    expect(principalPlane({ data: new Float32Array(12).fill(3), dimension: 4 })).toEqual({
      coordinates: new Float64Array(6),
      shares: [0, 0],
    });
    expect(principalPlane({ data: Float32Array.of(1, 2), dimension: 2 }).shares).toEqual([0, 0]);
    const { coordinates, shares } = principalPlane({ data: Float32Array.of(1, 3, 8), dimension: 1 });
    expect(shares).toEqual([1, 0]);
    expect([...coordinates].map((value) => Math.round(1e9 * value) / 1e9)).toEqual([-3, 0, -1, 0, 4, 0]);
  });

  it('refuses nothing, and what is not a number', () => {
    expect(() => principalPlane({ data: new Float32Array(0), dimension: 2 })).toThrow('needs at least one row');
    expect(() => principalPlane({ data: Float32Array.of(1, Number.NaN), dimension: 2 })).toThrow('row 0 holds NaN');
  });
});
