import { InternalError } from '../../foundation/errors/internal-error.ts';
/**
 * The standard two-dimensional Haar decomposition, in place: every row is decomposed, then every column.
 *
 * One row of h numbers: divided by `sqrt(h)`, then, while h > 1, halves of `(a[2i] + a[2i+1]) / sqrt(2)` and, behind them,
 * `(a[2i] - a[2i+1]) / sqrt(2)`; the first halves go on. So the coefficient at [0, 0] is the mean of all numbers, and all
 * others are those of the orthonormal basis divided by `side`.
 *
 * @param values `side * side` numbers, row by row.
 * @throws if `side` is not a power of two, or there are not `side * side` numbers.
 * Source: Jacobs, Finkelstein and Salesin 1995, section 3, `DecomposeImage`.
 */
export function decomposeHaar(values: Float64Array, side: number): void {
  if (!(Number.isInteger(Math.log2(side)) && values.length === side * side)) {
    throw new InternalError(
      `Haar decomposition: ${values.length} numbers for a side of ${side}: give a power of two and its square in numbers`,
    );
  }
  const line = new Float64Array(side);
  for (let row = 0; row < side; row++) decomposeLine(values, row * side, 1, line);
  for (let column = 0; column < side; column++) decomposeLine(values, column, side, line);
}

function decomposeLine(values: Float64Array, start: number, step: number, line: Float64Array): void {
  const { length } = line;
  for (let i = 0; i < length; i++) values[start + i * step] /= Math.sqrt(length);
  for (let half = length >> 1; half >= 1; half >>= 1) {
    for (let i = 0; i < half; i++) {
      const first = values[start + 2 * i * step];
      const second = values[start + (2 * i + 1) * step];
      line[i] = (first + second) * Math.SQRT1_2;
      line[half + i] = (first - second) * Math.SQRT1_2;
    }
    for (let i = 0; i < 2 * half; i++) values[start + i * step] = line[i];
  }
}
