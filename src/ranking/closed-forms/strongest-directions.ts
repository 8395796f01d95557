import { RandomSource } from '../../foundation/random/random-source.ts';
import { inverseCholeskyFactor } from './inverse-factor.ts';
import { type Matrix, matrix } from './matrix.ts';
import type { HeldMatrix, MatrixProducts } from './matrix-products.ts';
import { secondMoment } from './scatter.ts';

/**
 * Rounds of the iteration; each is two products. Directions that are still mixed have nearly equal strengths. Those of rows are
 * many and soon hold what the strongest would; those of a matrix are few, and their order counts.
 */
const rounds = { ofMatrix: 12, ofRows: 4 };

/** What is added to every strength, as a share of their sum: directions without any are directions, too. */
const least = 1e-6;

/**
 * What is added to the squared length of a column before a Cholesky factor is taken, as a share of it: on the way, where columns
 * are nearly the same at first, and for the last time.
 */
const shift = { onTheWay: 1e-8, last: 1e-13 };

/** A symmetric matrix without negative eigenvalues, by what it makes of columns. */
interface Symmetric {
  readonly size: number;
  readonly trace: number;
  times(columns: Matrix): Promise<Matrix>;
  release(): Promise<void>;
}

/**
 * The strongest directions of a symmetric matrix without negative eigenvalues: orthonormal columns, strongest first, whose first
 * k span nearly what the k eigenvectors of the largest eigenvalues do.
 *
 * Formula: orthogonal iteration, `Q <- orthonormal(S S Q)`, from random columns; they are made orthonormal by the Cholesky
 * factor of `Z' Z`, which keeps their order, and in the end three times more. Shapes: [D, D] to [D, count].
 * Source: Golub and Van Loan, "Matrix computations", section 8.2; Halko, Martinsson and Tropp 2011, section 4.5, for how few
 * rounds do; Fukaya et al. 2020, "Shifted Cholesky QR", for orthonormalising columns however near to each other.
 *
 * @param count at most D.
 */
export async function strongestDirections(products: MatrixProducts, symmetric: Matrix, count: number): Promise<Matrix> {
  return iterated(products, await bySymmetric(products, symmetric), count, rounds.ofMatrix);
}

/** The strongest directions of `E[x x']` of some rows, without that matrix where products with the rows are less work. */
export async function strongestDirectionsOfRows(
  products: MatrixProducts,
  rows: Matrix,
  count: number,
): Promise<Matrix> {
  const { rows: n, columns: d } = rows;
  const times = 2 * rounds.ofRows * count;
  const symmetric =
    d * d * (n + times) <= 2 * n * d * times
      ? await bySymmetric(products, await secondMoment(products, rows))
      : await byRows(products, rows);
  return iterated(products, symmetric, count, rounds.ofRows);
}

async function bySymmetric(products: MatrixProducts, symmetric: Matrix): Promise<Symmetric> {
  const { rows: size, data } = symmetric;
  let trace = 0;
  for (let place = 0; place < data.length; place += size + 1) trace += data[place];
  const held = await products.hold(symmetric);
  return { size, trace, times: (columns) => products.product(held, columns), release: () => held.release() };
}

async function byRows(products: MatrixProducts, rows: Matrix): Promise<Symmetric> {
  const trace = rows.data.reduce((sum, value) => sum + value * value, 0) / rows.rows;
  const held: HeldMatrix = await products.hold(rows);
  const times = async (columns: Matrix) => {
    const mapped = await products.product(held, columns);
    const { data } = mapped;
    for (let place = 0; place < data.length; place++) data[place] /= rows.rows;
    return products.transposedProduct(held, mapped);
  };
  return { size: rows.columns, trace, times, release: () => held.release() };
}

async function iterated(products: MatrixProducts, symmetric: Symmetric, count: number, turns: number): Promise<Matrix> {
  const { size, trace } = symmetric;
  const random = RandomSource.fromSeed(0, 'strongest directions');
  const more = trace > 0 ? least * trace : 1;
  const times = async (columns: Matrix) => {
    const mapped = await symmetric.times(columns);
    for (let place = 0; place < mapped.data.length; place++) mapped.data[place] += more * columns.data[place];
    return mapped;
  };
  try {
    let directions = matrix(
      size,
      count,
      matrix(size, count).data.map(() => random.normal()),
    );
    for (let turn = 0; turn < turns; turn++) {
      const once = await orthogonalized(products, await times(directions), shift.onTheWay);
      directions = await orthogonalized(products, await times(once), shift.onTheWay);
    }
    for (const by of [shift.onTheWay, shift.onTheWay, shift.last]) {
      directions = await orthogonalized(products, directions, by);
    }
    return directions;
  } finally {
    await symmetric.release();
  }
}

/** Columns that span the same, one after the other, and are orthonormal but for rounding. */
async function orthogonalized(products: MatrixProducts, columns: Matrix, by: number): Promise<Matrix> {
  const gram = await products.transposedProduct(columns, columns);
  const { rows: n, data } = gram;
  // Cholesky factors do not feel the lengths of columns, so that what is added is measured by each column's own.
  for (let i = 0; i < n; i++) data[i * n + i] *= 1 + by;
  return products.productOfTransposed(columns, await inverseCholeskyFactor(products, gram));
}
