import { InternalError } from '../../foundation/errors/internal-error.ts';
import { choleskyFactor, inverseOfLower } from './cholesky.ts';
import { blockOf, type Matrix, matrix, setBlock } from './matrix.ts';
import { given, type MatrixProducts } from './matrix-products.ts';

/** Rows of what is factored by loops; what is larger is halved, for products of that size are faster by an engine, its thread's messages counted. */
const mostByLoops = 128;

/**
 * The inverse of the Cholesky factor of a symmetric positive definite S: the lower triangular W with `W S W' = I`.
 *
 * Formula: with the halves `S = [A B'; B C]`, `W = [P 0; -Q L P, Q]`, P being the W of A, `L = B P'`, and Q the W of `C - L L'`.
 * Shapes: [n, n] to [n, n]; about n^3 multiplications, nearly all in products. Only the lower half of S is read.
 * Source: Golub and Van Loan, "Matrix computations", section 4.2.9 (block Cholesky).
 *
 * @throws if S is not positive definite to double precision, naming the row where that shows.
 */
export async function inverseCholeskyFactor(products: MatrixProducts, symmetric: Matrix): Promise<Matrix> {
  const { rows: size, columns } = symmetric;
  if (size !== columns)
    throw new InternalError(`only a square matrix has a Cholesky factor, this one is ${size} x ${columns}`);
  const inverse = matrix(size, size);
  await invert(products, symmetric, inverse, 0);
  return inverse;
}

/** Writes the inverse factor of a block that begins at a row of the whole matrix to its place in `inverse`. */
async function invert(products: MatrixProducts, block: Matrix, inverse: Matrix, start: number): Promise<void> {
  const { rows: size } = block;
  if (size <= mostByLoops) {
    setBlock(inverse, start, start, inverseOfLower(choleskyFactor(block, { start, size: inverse.rows })));
    return;
  }
  const half = Math.ceil(size / 2);
  const rest = size - half;
  await invert(products, blockOf(block, 0, 0, half, half), inverse, start);
  const first = blockOf(inverse, start, start, half, half);
  const below = await products.productOfTransposed(given(blockOf(block, half, 0, rest, half)), first);
  const taken = await products.productOfTransposed(below, below);
  const corner = blockOf(block, half, half, rest, rest);
  for (let place = 0; place < corner.data.length; place++) corner.data[place] -= taken.data[place];
  await invert(products, corner, inverse, start + half);
  const last = blockOf(inverse, start + half, start + half, rest, rest);
  const joint = await products.product(given(last), given(await products.product(given(below), given(first))));
  for (let place = 0; place < joint.data.length; place++) joint.data[place] = -joint.data[place];
  setBlock(inverse, start + half, start, joint);
}
