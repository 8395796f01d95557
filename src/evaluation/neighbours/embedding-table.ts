import { givenValue } from '../../foundation/arguments/given-value.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';

/** Embeddings of many images, one after the other: row `i` is `data[i * dimension]` to `data[(i + 1) * dimension - 1]`. */
export interface EmbeddingTable {
  readonly data: Float32Array;
  readonly dimension: number;
}

/**
 * Number of rows.
 *
 * @throws if it is no array of float32 numbers, does not hold whole rows, or a number in it is not finite, naming the row.
 */
export function checkEmbeddings({ data, dimension }: EmbeddingTable, what = 'embeddings'): number {
  // By its tag rather than its class, which is another one in another realm.
  if (Object.prototype.toString.call(data) !== '[object Float32Array]') {
    throw new UsageError(
      `${what}: a Float32Array with the rows one after the other is expected, not ${givenValue(data)}; ` +
        'of rows of numbers it is Float32Array.from(rows.flat())',
      { path: what, expected: 'a Float32Array', value: data },
    );
  }
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new UsageError(`${what}: the dimension must be a whole number of at least 1, got ${dimension}`, {
      path: 'dimension',
      expected: 'a whole number of at least 1',
      value: dimension,
    });
  }
  if (data.length % dimension !== 0) {
    throw new UsageError(`${what}: ${data.length} numbers are not whole rows of ${dimension}; check the dimension`, {
      path: 'dimension',
      expected: `a divisor of ${data.length}`,
      value: dimension,
    });
  }
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new UsageError(
      `${what}: row ${Math.floor(i / dimension)} holds ${data[i]} at place ${i % dimension}; ` +
        'distances to it mean nothing: check the model that made it',
      { path: `${what}.${i}`, expected: 'a finite number', value: data[i] },
    );
  }
  return data.length / dimension;
}
