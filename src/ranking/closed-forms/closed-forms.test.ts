import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { choleskyFactor, inverseOfLower } from './cholesky.ts';
import { fitClosedForm, linearMapOf, mappedRows, tapered } from './closed-form.ts';
import { inverseCholeskyFactor } from './inverse-factor.ts';
import { firstColumns, type Matrix, matrix, unitRows } from './matrix.ts';
import { given, MatrixProducts } from './matrix-products.ts';
import { covariance, secondMoment, shrunk, withinClassScatter } from './scatter.ts';
import { strongestDirections, strongestDirectionsOfRows } from './strongest-directions.ts';

let engine: Engine;
let products: MatrixProducts;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create();
  products = new MatrixProducts(engine);
});
afterAll(async () => {
  await products.close();
  await engine.close();
});

const random = RandomSource.fromSeed(7, 'closed forms');
const drawn = (rows: number, columns: number, spread = (_column: number) => 1): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, (_, place) => spread(place % columns) * random.normal()),
  );

/** `a b'` by loops. */
function byLoops(a: Matrix, b: Matrix): number[] {
  const c: number[] = [];
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) sum += a.data[i * a.columns + k] * b.data[j * b.columns + k];
      c.push(sum);
    }
  }
  return c;
}

function turned({ rows, columns, data }: Matrix): Matrix {
  const other = matrix(columns, rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) other.data[j * rows + i] = data[i * columns + j];
  return other;
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(found[i] - expected[i]));
  expect(worst).toBeLessThan(tolerance);
}

/** The unit matrix as a flat array. */
const unit = (size: number) => Array.from({ length: size * size }, (_, place) => (place % (size + 1) === 0 ? 1 : 0));

describe('MatrixProducts', () => {
  it('multiplies as loops do, either side transposed', async () => {
    const [a, b] = [drawn(5, 7), drawn(4, 7)];
    expectClose((await products.productOfTransposed(a, b)).data, byLoops(a, b), 1e-12);
    expectClose((await products.product(a, turned(b))).data, byLoops(a, b), 1e-12);
    expectClose((await products.transposedProduct(turned(a), turned(b))).data, byLoops(a, b), 1e-12);
    expectClose((await products.productOfTransposed(a, a)).data, byLoops(a, a), 1e-12);
    expect(a.data.length).toBe(35);
    expectClose((await products.productOfTransposed(given(a), b)).data, byLoops(a, b), 1e-12);
  });
});

describe('choleskyFactor', () => {
  it('has the matrix as its product, and an inverse', () => {
    const rows = drawn(12, 6);
    const symmetric = matrix(6, 6, Float64Array.from(byLoops(turned(rows), turned(rows))));
    const factor = choleskyFactor(symmetric);
    expectClose(byLoops(factor, factor), symmetric.data, 1e-10);
    expectClose(byLoops(factor, turned(inverseOfLower(factor))), unit(6), 1e-10);
  });

  it('refuses what is not positive definite, and what is not square', () => {
    expect(() => choleskyFactor(matrix(2, 2, Float64Array.of(1, 2, 2, 1)))).toThrow(
      'not positive definite: it fails in row 1 of 2',
    );
    expect(() => choleskyFactor(matrix(2, 3))).toThrow('2 x 3');
  });
});

describe('inverseCholeskyFactor', () => {
  it('is the inverse of the factor that loops find, however many halves it is made of', async () => {
    const rows = drawn(300, 150);
    const symmetric = await products.transposedProduct(rows, rows);
    const inverse = await inverseCholeskyFactor(products, symmetric);
    expectClose(inverse.data, inverseOfLower(choleskyFactor(symmetric)).data, 1e-12);
  });

  it('names the row of the whole matrix that fails, and refuses what is not square', async () => {
    const symmetric = matrix(150, 150, Float64Array.from(unit(150)));
    symmetric.data[140 * 150 + 140] = -1;
    await expect(inverseCholeskyFactor(products, symmetric)).rejects.toThrow('it fails in row 140 of 150');
    await expect(inverseCholeskyFactor(products, matrix(2, 3))).rejects.toThrow('2 x 3');
  });
});

describe('scatter', () => {
  const rows = drawn(9, 3, (column) => column + 1);
  const labels = [0, 0, 0, 1, 1, 4, 4, 4, 4];

  it('within classes is the mean outer product less class means', async () => {
    const expected = new Float64Array(9);
    for (const label of new Set(labels)) {
      const own = labels.flatMap((other, row) => (other === label ? [row] : []));
      const mean = [0, 1, 2].map((c) => own.reduce((sum, row) => sum + rows.data[row * 3 + c], 0) / own.length);
      for (const row of own) {
        for (let i = 0; i < 3; i++) {
          for (let j = 0; j < 3; j++) {
            expected[i * 3 + j] += ((rows.data[row * 3 + i] - mean[i]) * (rows.data[row * 3 + j] - mean[j])) / 9;
          }
        }
      }
    }
    expectClose((await withinClassScatter(products, rows, labels)).data, expected, 1e-12);
  });

  it('shrinks towards a multiple of the unit matrix and keeps its trace', () => {
    const symmetric = matrix(2, 2, Float64Array.of(3, 1, 1, 5));
    expectClose(shrunk(symmetric, 0.25).data, [3.25, 0.75, 0.75, 4.75], 1e-12);
    expectClose(shrunk(symmetric, 1).data, [4, 0, 0, 4], 1e-12);
    expectClose(shrunk(matrix(2, 2), 0.1).data, [1, 0, 0, 1], 1e-12);
  });
});

describe('strongestDirections', () => {
  it('finds known eigenvectors, strongest first', async () => {
    // Orthonormal columns from a random matrix, and strengths of which the first are far apart.
    const rows = drawn(40, 6);
    const whitened = inverseOfLower(choleskyFactor(await covariance(products, rows)));
    const base = await strongestDirections(products, matrix(6, 6, Float64Array.from(byLoops(whitened, whitened))), 6);
    const strengths = [9, 5, 2, 1, 0.5, 0.1];
    const scaled = matrix(
      6,
      6,
      base.data.map((value, place) => value * strengths[place % 6]),
    );
    const symmetric = matrix(6, 6, Float64Array.from(byLoops(scaled, base)));
    const found = await strongestDirections(products, symmetric, 3);
    const overlaps = byLoops(turned(found), turned(base));
    for (const k of [0, 1, 2]) expect(Math.abs(overlaps[k * 6 + k])).toBeGreaterThan(1 - 1e-9);
    expectClose(byLoops(turned(found), turned(found)), unit(3), 1e-10);
  });

  it('of rows are those of their second moment, whichever is less work', async () => {
    for (const [count, length] of [
      [400, 12],
      [30, 200],
    ]) {
      const rows = drawn(count, length, (column) => (column < 4 ? 8 / (column + 1) : 0.01));
      const [byRows, byMatrix] = [
        await strongestDirectionsOfRows(products, rows, 4),
        await strongestDirections(products, await secondMoment(products, rows), 4),
      ];
      const overlaps = byLoops(turned(byRows), turned(byMatrix));
      for (const k of [0, 1, 2, 3]) expect(Math.abs(overlaps[k * 5])).toBeGreaterThan(1 - 1e-3);
    }
  });

  it('of fewer rows than directions hold the rows in as many as there are rows', async () => {
    const rows = drawn(10, 90);
    const found = firstColumns(await strongestDirectionsOfRows(products, rows, 40), 10);
    const within = matrix(10, 10, Float64Array.from(byLoops(rows, turned(found))));
    expectClose(byLoops(within, found), rows.data, 1e-9);
  });

  it.each([
    ['fewer rows than directions are', drawn(24, 243), 128],
    [
      'all rows are the same',
      matrix(
        9,
        150,
        drawn(9, 150).data.map((_, place) => 1 + (place % 150)),
      ),
      150,
    ],
    ['nothing at all is', matrix(4, 80), 70],
  ])('are orthonormal where %s known', async (_, rows, count) => {
    for (const found of [
      await strongestDirectionsOfRows(products, rows, count),
      await strongestDirections(products, await secondMoment(products, rows), count),
    ]) {
      expectClose(byLoops(turned(found), turned(found)), unit(count), 1e-9);
    }
  });
});

describe('closed forms', () => {
  const labels = Array.from({ length: 60 }, (_, row) => row % 6);
  const centres = drawn(6, 8, () => 2);
  const noise = drawn(60, 8, (column) => 0.1 + column);
  const rows = matrix(
    60,
    8,
    noise.data.map((value, place) => value + centres.data[labels[Math.floor(place / 8)] * 8 + (place % 8)] + 3),
  );

  it('within-class makes the scatter within classes the unit matrix', async () => {
    const form = await fitClosedForm(products, rows, labels, { kind: 'within-class', shrinkage: 0 }, 8);
    const mapped = await mappedRows(products, rows, await linearMapOf(products, form, 8, 8));
    expectClose((await withinClassScatter(products, mapped, labels)).data, unit(8), 1e-9);
  });

  it('whitening makes the covariance the unit matrix, and the mean zero', async () => {
    const form = await fitClosedForm(products, rows, labels, { kind: 'whitening', shrinkage: 0 }, 8);
    const mapped = await mappedRows(products, rows, await linearMapOf(products, form, 8, 8));
    expectClose((await covariance(products, mapped)).data, unit(8), 1e-9);
    const sums = Array.from({ length: 8 }, (_, c) =>
      mapped.data.reduce((sum, v, p) => (p % 8 === c ? sum + v : sum), 0),
    );
    expectClose(sums, new Array(8).fill(0), 1e-9);
  });

  it('takes fewer directions as Fisher does: those in which classes differ most beside their own scatter', async () => {
    const form = await fitClosedForm(products, rows, labels, { kind: 'within-class', shrinkage: 0 }, 5);
    const map = await linearMapOf(products, form, 8, 5);
    const mapped = await mappedRows(products, rows, map);
    const within = await withinClassScatter(products, mapped, labels);
    expectClose(within.data, unit(5), 1e-6);
    // Six classes differ in five directions, so nothing of their differences is lost.
    const all = await mappedRows(
      products,
      rows,
      await linearMapOf(
        products,
        await fitClosedForm(products, rows, labels, { kind: 'within-class', shrinkage: 0 }, 8),
        8,
        8,
      ),
    );
    const trace = async (of: Matrix) => {
      const { data, rows: size } = await covariance(products, of);
      return Array.from({ length: size }, (_, i) => data[i * size + i]).reduce((sum, value) => sum + value, 0) - size;
    };
    expect((await trace(mapped)) / (await trace(all))).toBeCloseTo(1, 4);
  });

  it('is the same with directions in which the rows have nothing', async () => {
    const wide = matrix(60, 20);
    for (let row = 0; row < 60; row++) wide.data.set(rows.data.subarray(row * 8, row * 8 + 8), row * 20);
    for (const most of [8, 5]) {
      const form = { kind: 'within-class', shrinkage: 0.3 } as const;
      const own = await fitClosedForm(products, rows, labels, form, most, 20);
      const all = await fitClosedForm(products, wide, labels, form, most === 8 ? 20 : most);
      const first = await mappedRows(products, rows, await linearMapOf(products, own, 8, most));
      const second = await mappedRows(products, wide, await linearMapOf(products, all, 20, most === 8 ? 20 : most));
      expectClose(byLoops(first, first), byLoops(second, second), 1e-4);
    }
  });

  it('identity leaves features as they are', async () => {
    const form = await fitClosedForm(products, rows, labels, { kind: 'identity', shrinkage: 0 }, 8);
    expectClose((await mappedRows(products, rows, await linearMapOf(products, form, 8, 8))).data, rows.data, 0 + 1e-12);
  });
});

it('unitRows has rows of length 1, and leaves zeros', () => {
  expect([...unitRows({ data: Float32Array.of(3, 4, 0, 0, 0, -2), columns: 2 })]).toEqual([
    expect.closeTo(0.6, 6),
    expect.closeTo(0.8, 6),
    ...[0, 0, 0, -1],
  ]);
});

describe('tapered', () => {
  it('makes numbers beyond a direction so many times as large, mean and all', async () => {
    const rows = drawn(12, 4);
    const map = { weight: drawn(3, 4), bias: Float64Array.of(1, -2, 3) };
    const [whole, less] = [map, tapered(map, { from: 1, by: 0.5 })];
    const [before, after] = [await mappedRows(products, rows, whole), await mappedRows(products, rows, less)];
    const expected = before.data.map((value, place) => (place % 3 === 0 ? value : value / 2));
    expect(Math.max(...after.data.map((value, place) => Math.abs(value - expected[place])))).toBeLessThan(1e-12);
    expect(tapered(map, undefined)).toEqual(map);
  });
});
