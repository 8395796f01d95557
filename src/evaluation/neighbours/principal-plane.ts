import { InternalError } from '../../foundation/errors/internal-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { checkEmbeddings, type EmbeddingTable } from './embedding-table.ts';

/** Rows seen from the side on which they spread most. */
export interface PrincipalPlane {
  /** Two coordinates a row, [rows, 2]; the first axis is the one of the largest variance. */
  readonly coordinates: Float64Array;
  /** Share of the whole variance that each axis shows, the larger first. */
  readonly shares: readonly [first: number, second: number];
}

const mostRounds = 500;
const tolerance = 1e-10;

/**
 * The two principal components of a table: its rows less their mean, projected on the two directions of the largest
 * variance. Directions are found by orthogonal iteration on the rows themselves (`v <- X^T X v` for two vectors at once, made
 * orthonormal each time), so that no matrix of D x D is made, and turned into the axes of the plane by the eigenvectors of
 * its 2 x 2 covariance. Each direction points where its largest component is positive.
 *
 * Shapes: [n, D] -> [n, 2]. Corner cases: equal rows, or one dimension, have a second axis of zeros (and a share of 0).
 * Source: Golub and Van Loan, "Matrix Computations", section 8.2.4.
 *
 * @throws if there are no rows, or a number is not finite.
 */
export function principalPlane(table: EmbeddingTable): PrincipalPlane {
  const rows = checkEmbeddings(table);
  if (rows === 0)
    throw new InternalError('a principal plane needs at least one row: leave the map out where there is none');
  const { dimension } = table;
  const centred = centredRows(table, rows);
  const total = centred.reduce((sum, value) => sum + value * value, 0);
  if (total === 0) return { coordinates: new Float64Array(2 * rows), shares: [0, 0] };
  const random = RandomSource.fromSeed(0, 'principal plane');
  let basis = orthonormal(
    Float64Array.from({ length: dimension }, () => random.normal()),
    Float64Array.from({ length: dimension }, () => random.normal()),
  );
  let before = 0;
  for (let round = 0; round < mostRounds; round++) {
    const shown = basis.map((axis) => projected(centred, axis));
    const captured = shown.reduce((sum, values) => sum + dot(values, values), 0) / total;
    if (Math.abs(captured - before) < tolerance) break;
    before = captured;
    const [a, b] = shown.map((values) => combined(centred, values, dimension));
    basis = orthonormal(a, b);
  }
  return turned(centred, basis, total, rows);
}

function centredRows({ data, dimension }: EmbeddingTable, rows: number): Float64Array {
  const mean = new Float64Array(dimension);
  for (let at = 0; at < data.length; at++) mean[at % dimension] += data[at] / rows;
  return Float64Array.from(data, (value, at) => value - mean[at % dimension]);
}

/** The plane's own axes: the eigenvectors of the 2 x 2 covariance within it. */
function turned(
  centred: Float64Array,
  [first, second]: readonly Float64Array[],
  total: number,
  rows: number,
): PrincipalPlane {
  const [x, y] = [projected(centred, first), projected(centred, second)];
  const [xx, xy, yy] = [dot(x, x), dot(x, y), dot(y, y)];
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const signs = [signOf(first, second, cos, sin), signOf(first, second, -sin, cos)];
  const coordinates = new Float64Array(2 * rows);
  const variance = [0, 0];
  for (let row = 0; row < rows; row++) {
    const along = [signs[0] * (cos * x[row] + sin * y[row]), signs[1] * (cos * y[row] - sin * x[row])];
    for (const [axis, value] of along.entries()) {
      coordinates[2 * row + axis] = value;
      variance[axis] += value * value;
    }
  }
  return { coordinates, shares: [variance[0] / total, variance[1] / total] };
}

function signOf(first: Float64Array, second: Float64Array, a: number, b: number): 1 | -1 {
  let largest = 0;
  for (let place = 0; place < first.length; place++) {
    const value = a * first[place] + b * second[place];
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  return largest < 0 ? -1 : 1;
}

function orthonormal(a: Float64Array, b: Float64Array): Float64Array[] {
  const first = scaled(a);
  const along = dot(first, b);
  return [first, scaled(b.map((value, place) => value - along * first[place]))];
}

function scaled(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += a[place] * b[place];
  return sum;
}

/** X v, one number a row. */
function projected(centred: Float64Array, axis: Float64Array): Float64Array {
  const dimension = axis.length;
  return Float64Array.from({ length: centred.length / dimension }, (_, row) =>
    dot(centred.subarray(row * dimension, (row + 1) * dimension), axis),
  );
}

/** X^T w, one number a dimension. */
function combined(centred: Float64Array, weights: Float64Array, dimension: number): Float64Array {
  const sum = new Float64Array(dimension);
  for (const [row, weight] of weights.entries()) {
    for (let place = 0; place < dimension; place++) sum[place] += weight * centred[row * dimension + place];
  }
  return sum;
}
