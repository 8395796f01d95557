import { numberAbove, optional } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import type { EmbeddingTable } from '../neighbours/embedding-table.ts';

/** How strongly OASIS follows each triplet. */
export interface OasisOptions {
  /** `C`: the most that one triplet may change the matrix. Default: 0.1. */
  readonly aggressiveness?: number;
}

/**
 * OASIS: a bilinear similarity `S(q, x) = q^T W x` of feature vectors, learnt online from triplets. `W` starts as the
 * identity matrix, so that it starts as the features' own scalar product, and is neither symmetric nor positive afterwards.
 *
 * One triplet: `l = max(0, 1 - S(q, p) + S(q, n))`. If `l > 0`, `W += tau q (p - n)^T` with
 * `tau = min(C, l / (|q|^2 |p - n|^2))`: the smallest change of `W` (Frobenius) that leaves no loss, unless C forbids it.
 * A triplet that no change can improve (`q` or `p - n` is 0) changes nothing.
 *
 * Nothing here is drawn at random: the same triplets in the same order give the same bits. Zeros in `q` cost nothing; a step
 * takes in the order of `nonzero(q) * dimension` operations and the matrix `8 * dimension^2` bytes.
 *
 * Source: Chechik, Sharma, Shalit and Bengio, "Large scale online learning of image similarity through ranking", JMLR 2010,
 * section 2 (passive-aggressive updates of Crammer et al. 2006).
 */
export class Oasis {
  readonly dimension: number;
  /** `W`, row by row. */
  readonly matrix: Float64Array;
  readonly #aggressiveness: number;
  /** `p - n` of the present triplet. */
  readonly #difference: Float64Array;

  /** @throws if the dimension is not a whole number of at least 1, or the aggressiveness is not above 0. */
  constructor(dimension: number, options: OasisOptions = {}) {
    checkOptions(options, { aggressiveness: optional(numberAbove(0)) });
    const { aggressiveness = 0.1 } = options;
    if (!(Number.isInteger(dimension) && dimension >= 1)) {
      const expected = 'a whole number of at least 1';
      const message = `OASIS: the dimension has to be ${expected}, got ${dimension}`;
      throw new UsageError(message, { path: 'dimension', expected, value: dimension });
    }
    this.dimension = dimension;
    this.matrix = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i++) this.matrix[i * dimension + i] = 1;
    this.#aggressiveness = aggressiveness;
    this.#difference = new Float64Array(dimension);
  }

  /**
   * Learns from one triplet of the rows of a table.
   *
   * @returns the loss before.
   * @throws if the table's rows have another dimension.
   */
  learn(features: EmbeddingTable, { query, positive, negative }: Triplet): number {
    this.#check(features);
    const { data } = features;
    const { dimension, matrix } = this;
    const difference = this.#difference;
    const [q, p, n] = [query * dimension, positive * dimension, negative * dimension];
    let differenceSquared = 0;
    let querySquared = 0;
    for (let i = 0; i < dimension; i++) {
      const value = data[p + i] - data[n + i];
      difference[i] = value;
      differenceSquared += value * value;
      querySquared += data[q + i] * data[q + i];
    }
    let margin = 0;
    for (let row = 0; row < dimension; row++) {
      const factor = data[q + row];
      if (factor === 0) continue;
      const start = row * dimension;
      let sum = 0;
      for (let i = 0; i < dimension; i++) sum += matrix[start + i] * difference[i];
      margin += factor * sum;
    }
    const loss = Math.max(0, 1 - margin);
    const largest = querySquared * differenceSquared;
    if (loss === 0 || largest === 0) return loss;
    const tau = Math.min(this.#aggressiveness, loss / largest);
    for (let row = 0; row < dimension; row++) {
      const factor = tau * data[q + row];
      if (factor === 0) continue;
      const start = row * dimension;
      for (let i = 0; i < dimension; i++) matrix[start + i] += factor * difference[i];
    }
    return loss;
  }

  /** `S` of two rows of a table. @throws if the table's rows have another dimension. */
  similarity(features: EmbeddingTable, query: number, other: number): number {
    const [asked] = this.#asked(features, query, query + 1);
    let sum = 0;
    for (let i = 0; i < this.dimension; i++) sum += asked[i] * features.data[other * this.dimension + i];
    return sum;
  }

  /**
   * Every row `q` as `W^T q`, so that its scalar product with a row `x` of the table is `S(q, x)`. Where all rows of the table
   * are of one length, the Euclidean distance to them ranks as S does.
   *
   * @throws if the table's rows have another dimension.
   */
  queries(features: EmbeddingTable): EmbeddingTable {
    const { dimension } = this;
    const rows = features.data.length / dimension;
    const data = new Float32Array(features.data.length);
    for (const [row, asked] of this.#asked(features, 0, rows).entries()) data.set(asked, row * dimension);
    return { data, dimension };
  }

  #asked(features: EmbeddingTable, from: number, to: number): Float64Array[] {
    this.#check(features);
    const { dimension, matrix } = this;
    return Array.from({ length: to - from }, (_, place) => {
      const asked = new Float64Array(dimension);
      for (let row = 0; row < dimension; row++) {
        const factor = features.data[(from + place) * dimension + row];
        if (factor === 0) continue;
        for (let i = 0; i < dimension; i++) asked[i] += factor * matrix[row * dimension + i];
      }
      return asked;
    });
  }

  #check(features: EmbeddingTable): void {
    if (features.dimension === this.dimension) return;
    throw new UsageError(
      `OASIS: the matrix is for features of ${this.dimension} numbers, these have ${features.dimension}: use one feature throughout`,
      { path: 'features.dimension', expected: String(this.dimension), value: features.dimension },
    );
  }
}
