import { InternalError } from '../../foundation/errors/internal-error.ts';
/** Real numbers in rows and columns, row-major, in double precision. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows * columns] */
  readonly data: Float64Array;
}

/** A matrix over `data`, which is kept, not copied; zeros if left out. @throws if it has another number of elements. */
export function matrix(rows: number, columns: number, data: Float64Array = new Float64Array(rows * columns)): Matrix {
  if (data.length === rows * columns) return { rows, columns, data };
  throw new InternalError(`a matrix of ${rows} x ${columns} has ${rows * columns} elements, got ${data.length}`);
}

/** The identity: [size, size]. */
export function unitMatrix(size: number): Matrix {
  const unit = matrix(size, size);
  for (let i = 0; i < size; i++) unit.data[i * size + i] = 1;
  return unit;
}

/** Some rows of a matrix, in the order of `places`. */
export function rowsAt({ columns, data }: Matrix, places: readonly number[]): Matrix {
  const chosen = matrix(places.length, columns);
  for (const [row, place] of places.entries()) {
    chosen.data.set(data.subarray(place * columns, (place + 1) * columns), row * columns);
  }
  return chosen;
}

/** The first `count` columns of a matrix. */
export function firstColumns({ rows, columns, data }: Matrix, count: number): Matrix {
  if (count >= columns) return { rows, columns, data };
  const first = matrix(rows, count);
  for (let row = 0; row < rows; row++) first.data.set(data.subarray(row * columns, row * columns + count), row * count);
  return first;
}

/** A block of a matrix, from a row and a column on. */
export function blockOf({ columns, data }: Matrix, row: number, column: number, rows: number, width: number): Matrix {
  const block = matrix(rows, width);
  for (let r = 0; r < rows; r++) {
    const start = (row + r) * columns + column;
    block.data.set(data.subarray(start, start + width), r * width);
  }
  return block;
}

/** Writes a block into a matrix, from a row and a column on. */
export function setBlock({ columns, data }: Matrix, row: number, column: number, block: Matrix): void {
  for (let r = 0; r < block.rows; r++) {
    data.set(block.data.subarray(r * block.columns, (r + 1) * block.columns), (row + r) * columns + column);
  }
}

/** Rows less a row of as many numbers. */
export function rowsLess({ rows, columns, data }: Matrix, row: Float64Array): Matrix {
  return matrix(
    rows,
    columns,
    data.map((value, place) => value - row[place % columns]),
  );
}

/** The mean of the rows: [columns]. */
export function meanRow({ rows, columns, data }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) mean[column] += data[row * columns + column];
  }
  return mean.map((sum) => sum / rows);
}

/** Rows one after the other, of a matrix or a table. */
type Rows = Pick<Matrix, 'columns'> & { readonly data: ArrayLike<number> };

/** Rows of length 1, in single precision; a row of zeros stays one. */
export function unitRows({ columns, data }: Rows): Float32Array {
  const unit = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += columns) {
    let square = 0;
    for (let place = start; place < start + columns; place++) square += data[place] ** 2;
    const length = Math.sqrt(square) || 1;
    for (let place = start; place < start + columns; place++) unit[place] = data[place] / length;
  }
  return unit;
}
