import { type Matrix, matrix, meanRow, rowsLess } from './matrix.ts';
import { given, type MatrixProducts } from './matrix-products.ts';

/**
 * Scatter within classes: the mean of `(x - m) (x - m)'` over the rows, m being the mean of the row's class.
 *
 * Shapes: rows [N, D] and N labels to [D, D]. A class of one row adds nothing.
 * Source: Fisher 1936; Fukunaga, "Introduction to statistical pattern recognition", section 10.2.
 */
export function withinClassScatter(products: MatrixProducts, rows: Matrix, labels: ArrayLike<number>): Promise<Matrix> {
  return secondMoment(products, given(lessClassMeans(rows, labels)));
}

/** Covariance: the mean of `(x - m) (x - m)'` over the rows, m being the mean of all. [N, D] to [D, D]. */
export function covariance(products: MatrixProducts, rows: Matrix): Promise<Matrix> {
  return secondMoment(products, given(rowsLess(rows, meanRow(rows))));
}

/** The mean of `x x'` over the rows: [N, D] to [D, D]. */
export async function secondMoment(products: MatrixProducts, rows: Matrix): Promise<Matrix> {
  const sums = await products.transposedProduct(rows, rows);
  return matrix(
    sums.rows,
    sums.columns,
    sums.data.map((sum) => sum / rows.rows),
  );
}

/**
 * A symmetric matrix on its way to a multiple of the unit matrix: `(1 - shrinkage) S + shrinkage tr(S) / D I`. What few rows say
 * of many directions is then not taken at its word. Where there is no scatter at all that is the unit matrix.
 *
 * Source: Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004, equation 4.
 *
 * @param shrinkage from 0 to 1.
 * @param directions D, where the matrix is that of only those of D directions in which there is any scatter.
 */
export function shrunk({ rows: n, data }: Matrix, shrinkage: number, directions: number = n): Matrix {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += data[i * n + i];
  const towards = data.map((value) => (1 - shrinkage) * value);
  for (let i = 0; i < n; i++) towards[i * n + i] += trace > 0 ? (shrinkage * trace) / directions : 1;
  return matrix(n, n, towards);
}

function lessClassMeans({ rows, columns, data }: Matrix, labels: ArrayLike<number>): Matrix {
  const sums = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (let row = 0; row < rows; row++) {
    const own = sums.get(labels[row]) ?? { sum: new Float64Array(columns), count: 0 };
    sums.set(labels[row], own);
    own.count++;
    for (let column = 0; column < columns; column++) own.sum[column] += data[row * columns + column];
  }
  const less = data.slice();
  for (let row = 0; row < rows; row++) {
    const { sum, count } = sums.get(labels[row])!;
    for (let column = 0; column < columns; column++) less[row * columns + column] -= sum[column] / count;
  }
  return matrix(rows, columns, less);
}
