import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { add, div, gemm, mul } from '../../graph/builder/operations.ts';
import { type TensorOf, tensor } from '../../graph/tensor/tensor.ts';
import { inverseCholeskyFactor } from './inverse-factor.ts';
import { type Matrix, matrix, setBlock } from './matrix.ts';
import { given, type HeldMatrix, type MatrixProducts } from './matrix-products.ts';
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

/** What columns are multiplied with: a symmetric matrix without negative eigenvalues. */
interface Symmetric {
  readonly size: number;
  readonly trace: number;
  /** The matrix itself, or rows of which it is `E[x x']`. */
  readonly held: HeldMatrix;
  readonly is: 'matrix' | 'rows';
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
  const random = RandomSource.fromSeed(0, 'strongest directions');
  return iterated(products, await bySymmetric(products, symmetric), count, rounds.ofMatrix, random);
}

/**
 * The strongest directions of `E[x x']` of some rows, without that matrix where products with the rows are less work. Rows span no
 * more directions than there are rows: what is asked for beyond them are random directions, orthonormal to theirs.
 */
export async function strongestDirectionsOfRows(
  products: MatrixProducts,
  rows: Matrix,
  count: number,
): Promise<Matrix> {
  const { rows: n, columns: d } = rows;
  const random = RandomSource.fromSeed(0, 'strongest directions');
  const spanned = Math.min(count, n);
  const times = 2 * rounds.ofRows * spanned;
  const symmetric =
    d * d * (n + times) <= 2 * n * d * times
      ? await bySymmetric(products, await secondMoment(products, rows))
      : await byRows(products, rows);
  const found = await iterated(products, symmetric, spanned, rounds.ofRows, random);
  return spanned === count ? found : completed(products, found, count, random);
}

async function bySymmetric(products: MatrixProducts, symmetric: Matrix): Promise<Symmetric> {
  const { rows: size, data } = symmetric;
  let trace = 0;
  for (let place = 0; place < data.length; place += size + 1) trace += data[place];
  return { size, trace, held: await products.hold(symmetric), is: 'matrix' };
}

async function byRows(products: MatrixProducts, rows: Matrix): Promise<Symmetric> {
  const trace = rows.data.reduce((sum, value) => sum + value * value, 0) / rows.rows;
  return { size: rows.columns, trace, held: await products.hold(rows), is: 'rows' };
}

async function iterated(
  products: MatrixProducts,
  symmetric: Symmetric,
  count: number,
  turns: number,
  random: RandomSource,
): Promise<Matrix> {
  const columns = await HeldColumns.hold(products, drawnColumns(symmetric.size, count, random));
  try {
    for (let turn = 0; turn < 2 * turns; turn++) {
      await columns.multiply(symmetric);
      await columns.orthogonalize(shift.onTheWay);
    }
    return await orthonormal(columns);
  } finally {
    await columns.release();
    await symmetric.held.release();
  }
}

/** Orthonormal columns, and random ones behind them, orthonormal to them and to each other. */
async function completed(products: MatrixProducts, first: Matrix, count: number, random: RandomSource) {
  const whole = drawnColumns(first.rows, count, random);
  setBlock(whole, 0, 0, first);
  const columns = await HeldColumns.hold(products, whole);
  try {
    return await orthonormal(columns);
  } finally {
    await columns.release();
  }
}

async function orthonormal(columns: HeldColumns): Promise<Matrix> {
  for (const by of [shift.onTheWay, shift.onTheWay, shift.last]) await columns.orthogonalize(by);
  return columns.read();
}

function drawnColumns(size: number, count: number, random: RandomSource): Matrix {
  return matrix(
    size,
    count,
    Float64Array.from({ length: size * count }, () => random.normal()),
  );
}

/** Columns that stay with the engine while they change: only what is [count, count] comes and goes. */
class HeldColumns {
  private constructor(
    private readonly products: MatrixProducts,
    private columns: HeldMatrix,
    /** Where their successors are put. */
    private next: HeldMatrix,
  ) {}

  static async hold(products: MatrixProducts, columns: Matrix): Promise<HeldColumns> {
    const next = await products.hold(matrix(columns.rows, columns.columns));
    return new HeldColumns(products, await products.hold(columns), next);
  }

  /** `S Q`, and a small share of Q, so that directions without any strength are kept apart, too. */
  async multiply({ held: factor, trace, is }: Symmetric): Promise<void> {
    const { columns, next } = this;
    const key = ['symmetric', is, factor.rows, factor.columns, columns.columns].join();
    const program = await this.products.program(key, () => symmetricGraph(factor, columns, is));
    const more = tensor('float64', [], Float64Array.of(trace > 0 ? least * trace : 1));
    const feeds = { factor: factor.held, columns: columns.held, more };
    await program.run(feeds, { fetch: [], into: { next: next.held } });
    this.#goOn();
  }

  /** Columns that span the same, one after the other, and are orthonormal but for rounding. */
  async orthogonalize(by: number): Promise<void> {
    const { columns, products } = this;
    const gram = await products.transposedProduct(columns, columns);
    const { rows: n, data } = gram;
    // Cholesky factors do not feel the lengths of columns, so that what is added is measured by each column's own.
    for (let i = 0; i < n; i++) data[i * n + i] *= 1 + by;
    await products.putProductOfTransposed(this.next, columns, given(await inverseCholeskyFactor(products, gram)));
    this.#goOn();
  }

  async read(): Promise<Matrix> {
    const { rows, columns, held } = this.columns;
    return matrix(rows, columns, ((await held.read()) as TensorOf<'float64'>).data);
  }

  async release(): Promise<void> {
    await this.columns.release();
    await this.next.release();
  }

  #goOn(): void {
    [this.columns, this.next] = [this.next, this.columns];
  }
}

/** `S Q + more Q`, S being the matrix itself or `x x'` over its rows, divided by their number. */
function symmetricGraph(
  factor: Pick<Matrix, 'rows' | 'columns'>,
  columns: Pick<Matrix, 'rows' | 'columns'>,
  is: Symmetric['is'],
): Graph {
  const graph = new Graph();
  const symmetric = graph.input('factor', 'float64', [factor.rows, factor.columns]);
  const q = graph.input('columns', 'float64', [columns.rows, columns.columns]);
  const more = graph.input('more', 'float64', []);
  const mapped = gemm(symmetric, q);
  const times = is === 'matrix' ? mapped : gemm(symmetric, div(mapped, factor.rows), undefined, { transA: 1 });
  graph.output('next', add(times, mul(q, more)));
  return graph;
}
