import { EngineError } from '../foundation/errors/engine-error.ts';
import type { Tensor } from '../graph/tensor/tensor.ts';

/** What came of some items that went through a network together. */
export interface BatchOfRows<Item> {
  /** The place of the first of them among all. */
  readonly first: number;
  readonly items: readonly Item[];
  /** One row of equal length each, one after the other. */
  readonly rows: Float32Array;
}

/**
 * Sends any number of items through a network in batches of one size. The last batch is filled with copies of its first item,
 * whose rows are dropped: kernels are chosen by the batch's size, so that only then a row does not depend on its neighbours.
 *
 * @param size of a batch, at least 1.
 * @param run gives float32 rows of equal length, one for each of the `size` items.
 * @throws as `run` does, and if it does not give float32 rows.
 */
export async function* inFixedBatches<Item>(
  items: readonly Item[],
  size: number,
  run: (batch: readonly Item[]) => Promise<Tensor>,
): AsyncGenerator<BatchOfRows<Item>, void, undefined> {
  for (let first = 0; first < items.length; first += size) {
    const some = items.slice(first, first + size);
    const output = await run(Array.from({ length: size }, (_, row) => some[row] ?? some[0]));
    if (output.type !== 'float32') throw new EngineError(`a network gave rows of ${output.type}, not of float32`);
    yield { first, items: some, rows: output.data.subarray(0, (some.length * output.data.length) / size) };
  }
}

/** All rows of batches in one table. @param dimension the length of a row. */
export async function tableOfRows<Item>(
  batches: AsyncIterable<BatchOfRows<Item>>,
  count: number,
  dimension: number,
): Promise<Float32Array> {
  const table = new Float32Array(count * dimension);
  for await (const { first, rows } of batches) table.set(rows, first * dimension);
  return table;
}
