import { RandomSource } from '../../foundation/random/random-source.ts';
import { choleskyFactor, inverseOfLower } from './cholesky.ts';
import { type Matrix, matrix } from './matrix.ts';
import type { MatrixProducts } from './matrix-products.ts';

/** Rounds of the iteration; each is two products. Directions that are still mixed have nearly equal strengths. */
const rounds = 12;

/**
 * The strongest directions of a symmetric matrix without negative eigenvalues: orthonormal columns, strongest first, whose first
 * k span nearly what the k eigenvectors of the largest eigenvalues do.
 *
 * Formula: orthogonal iteration, `Q <- orthonormal(S S Q)`, from random columns; they are made orthonormal by the Cholesky
 * factor of `Z' Z`, twice, which keeps their order. Shapes: [D, D] to [D, count].
 * Source: Golub and Van Loan, "Matrix computations", section 8.2; Yamamoto et al. 2015 for orthonormalising by Cholesky factors twice.
 *
 * @param count at most D.
 */
export async function strongestDirections(products: MatrixProducts, symmetric: Matrix, count: number): Promise<Matrix> {
  const { rows: size } = symmetric;
  const random = RandomSource.fromSeed(0, 'strongest directions');
  const begin = matrix(size, count).data.map(() => random.normal());
  let directions = await orthonormal(products, matrix(size, count, begin));
  for (let round = 0; round < rounds; round++) {
    const once = await orthonormal(products, await products.product(symmetric, directions));
    directions = await orthonormal(products, await products.product(symmetric, once));
  }
  return directions;
}

/** Columns that span the same, one after the other, and are orthonormal. */
async function orthonormal(products: MatrixProducts, columns: Matrix): Promise<Matrix> {
  return orthogonalized(products, await orthogonalized(products, columns));
}

async function orthogonalized(products: MatrixProducts, columns: Matrix): Promise<Matrix> {
  const gram = await products.transposedProduct(columns, columns);
  const { rows: n, data } = gram;
  // Columns that rounding has made dependent are kept apart by what rounding is worth.
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, data[i * n + i]);
  for (let i = 0; i < n; i++) data[i * n + i] += 1e-14 * n * largest;
  return products.productOfTransposed(columns, inverseOfLower(choleskyFactor(gram)));
}
