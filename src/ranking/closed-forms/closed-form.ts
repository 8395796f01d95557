import { inverseCholeskyFactor } from './inverse-factor.ts';
import { firstColumns, type Matrix, matrix, meanRow, unitMatrix } from './matrix.ts';
import type { MatrixProducts } from './matrix-products.ts';
import { covariance, shrunk, withinClassScatter } from './scatter.ts';
import { strongestDirections, strongestDirectionsOfRows } from './strongest-directions.ts';

/** Linear maps of features that need no steps of training. */
export const closedFormKinds = ['identity', 'whitening', 'within-class'] as const;

/** A closed form and its number. */
export interface ClosedForm {
  readonly kind: (typeof closedFormKinds)[number];
  /** How far a scatter goes towards a multiple of the unit matrix, 0 to 1; counts for nothing in `identity`. */
  readonly shrinkage: number;
}

/** `x -> W x + b`: what a linear layer begins as. */
export interface LinearMap {
  /** [dimension, features] */
  readonly weight: Matrix;
  /** [dimension] */
  readonly bias: Float64Array;
}

/** Directions of a linear map that count less: those from `from` on, counted from 0, `by` times. */
export interface Taper {
  readonly from: number;
  readonly by: number;
}

/** A closed form of some rows, in all of its directions; `mapsOf` takes the strongest. */
export interface FittedForm {
  /** [features, features]: the map before directions are chosen. */
  readonly whitening: Matrix | undefined;
  readonly mean: Float64Array | undefined;
  /** Directions of the mapped rows, strongest first: [features, most]. Undefined where all are taken. */
  readonly directions: Matrix | undefined;
}

/**
 * The closed form of features and their classes, with the strongest `most` directions of what it makes of them.
 *
 * - `identity`: features as they are. Directions: those of `E[x x']`, so that cosines stay nearly as they were.
 * - `whitening`: `L^-1 (x - m)`, `L L'` being the shrunk covariance: every direction has equal variance. No classes are asked.
 * - `within-class`: the same with the shrunk scatter within classes: what pictures of a class differ in counts least. Its
 *   strongest directions are those of Fisher's linear discriminant analysis.
 *
 * Shapes: rows [N, D], N labels. D^3 multiplications.
 * Source: Fisher 1936; Hariharan, Malik and Ramanan, "Discriminative decorrelation for clustering and classification", 2012.
 *
 * @param most directions that are looked for; at D or above none are, and all are taken.
 * @param directions where features have directions besides, in which these rows have nothing: how many they are in all. What is
 * found is then what it would be with these.
 */
export async function fitClosedForm(
  products: MatrixProducts,
  rows: Matrix,
  labels: ArrayLike<number>,
  { kind, shrinkage }: ClosedForm,
  most: number,
  directions: number = rows.columns,
): Promise<FittedForm> {
  const fewer = most < rows.columns;
  if (kind === 'identity') {
    const strongest = fewer ? await strongestDirectionsOfRows(products, rows, most) : undefined;
    return { whitening: undefined, mean: undefined, directions: strongest };
  }
  const total = kind === 'whitening' || fewer ? await covariance(products, rows) : undefined;
  const scatter = kind === 'whitening' ? total! : await withinClassScatter(products, rows, labels);
  const whitening = await inverseCholeskyFactor(products, shrunk(scatter, shrinkage, directions));
  const mean = meanRow(rows);
  if (!fewer || total === undefined) return { whitening, mean, directions: undefined };
  const mapped = await products.productOfTransposed(await products.product(whitening, total), whitening);
  return { whitening, mean, directions: await strongestDirections(products, mapped, most) };
}

/** The linear map of a fitted form to `dimension` numbers; to as many as there are features, where that is less. */
export async function linearMapOf(
  products: MatrixProducts,
  { whitening, mean, directions }: FittedForm,
  features: number,
  dimension: number,
): Promise<LinearMap> {
  const chosen = directions === undefined ? undefined : firstColumns(directions, dimension);
  const weight =
    whitening === undefined
      ? chosen === undefined
        ? unitMatrix(features)
        : transposed(chosen)
      : chosen === undefined
        ? whitening
        : await products.transposedProduct(chosen, whitening);
  return { weight, bias: lessMapped(weight, mean) };
}

/** A linear map of which the rows from `from` on are `by` times as long; the map itself without a taper. */
export function tapered({ weight, bias }: LinearMap, taper: Taper | undefined): LinearMap {
  if (taper === undefined) return { weight, bias };
  const { rows, columns, data } = weight;
  const scale = (row: number) => (row < taper.from ? 1 : taper.by);
  return {
    weight: matrix(
      rows,
      columns,
      data.map((value, place) => scale(Math.floor(place / columns)) * value),
    ),
    bias: bias.map((value, row) => scale(row) * value),
  };
}

/** Rows by a linear map: [N, D] to [N, dimension]. */
export async function mappedRows(products: MatrixProducts, rows: Matrix, { weight, bias }: LinearMap): Promise<Matrix> {
  const mapped = await products.productOfTransposed(rows, weight);
  return matrix(
    mapped.rows,
    mapped.columns,
    mapped.data.map((value, place) => value + bias[place % mapped.columns]),
  );
}

function transposed({ rows, columns, data }: Matrix): Matrix {
  const turned = matrix(columns, rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned.data[column * rows + row] = data[row * columns + column];
  }
  return turned;
}

/** `-W m`, or zeros without a mean. */
function lessMapped({ rows, columns, data }: Matrix, mean: Float64Array | undefined): Float64Array {
  const bias = new Float64Array(rows);
  if (mean === undefined) return bias;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) bias[row] -= data[row * columns + column] * mean[column];
  }
  return bias;
}
