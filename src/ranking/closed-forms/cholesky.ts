import { InternalError } from '../../foundation/errors/internal-error.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { type Matrix, matrix } from './matrix.ts';

/**
 * The lower triangular L with `L L' = S` of a symmetric positive definite S.
 *
 * Shapes: [n, n] to [n, n]; n^3 / 3 multiplications. Only the lower half of S is read.
 * Source: Golub and Van Loan, "Matrix computations", section 4.2.
 *
 * @param within where S is a block on the diagonal of a larger matrix: the row at which it begins there, and that one's size.
 * @throws if S is not positive definite to double precision, naming the row where that shows.
 */
export function choleskyFactor(
  { rows: n, columns, data }: Matrix,
  within: { readonly start: number; readonly size: number } = { start: 0, size: n },
): Matrix {
  if (n !== columns)
    throw new InternalError(`only a square matrix has a Cholesky factor, this one is ${n} x ${columns}`);
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = data[i * n + j];
      for (let k = 0, a = i * n, b = j * n; k < j; k++, a++, b++) sum -= factor[a] * factor[b];
      if (i === j && !(sum > 0)) {
        throw new TrainingError(
          `the matrix is not positive definite: it fails in row ${within.start + i} of ${within.size}`,
        );
      }
      factor[i * n + j] = i === j ? Math.sqrt(sum) : sum / factor[j * n + j];
    }
  }
  return matrix(n, n, factor);
}

/** The inverse of a lower triangular matrix without zeros on its diagonal; n^3 / 6 multiplications. */
export function inverseOfLower({ rows: n, data }: Matrix): Matrix {
  const inverse = new Float64Array(n * n);
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let k = 0; k < i; k++) {
      const weight = data[i * n + k];
      for (let j = 0, at = k * n; j <= k; j++, at++) row[j] -= weight * inverse[at];
    }
    const pivot = 1 / data[i * n + i];
    for (let j = 0; j < i; j++) inverse[i * n + j] = row[j] * pivot;
    inverse[i * n + i] = pivot;
  }
  return matrix(n, n, inverse);
}
