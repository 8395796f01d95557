import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Value } from '../../../graph/builder/graph.ts';
import { cast } from '../../../graph/builder/operations.ts';
import { type Tensor, tensor } from '../../../graph/tensor/tensor.ts';
import { batchInput } from './batch-input.ts';

/** Graph inputs that list the ordered (query, positive) pairs of a batch, and which of the listed ones count. */
const queriesInput = 'pair_queries';
const positivesInput = 'pair_positives';
const weightsInput = 'pair_weights';

/** The pairs of a batch as places of rows. Shapes: all [pairs]. */
export interface PositivePairs {
  readonly queries: Value;
  readonly positives: Value;
  /** 1, or 0 for a place that is left over; float. */
  readonly weights: Value;
}

/** How many (query, positive) pairs a batch has room for, if a class has at most `imagesPerClass` rows. */
export const pairCapacity = (rows: number, imagesPerClass: number): number => rows * (imagesPerClass - 1);

/** Adds the inputs that list the batch's pairs. `like` gives graph and type. */
export function positivePairs(like: Value, rows: number, imagesPerClass: number): PositivePairs {
  const { graph, type } = like;
  const pairs = pairCapacity(rows, imagesPerClass);
  const queries = batchInput(graph, queriesInput, 'int64', [pairs]);
  const positives = batchInput(graph, positivesInput, 'int64', [pairs]);
  const weights = batchInput(graph, weightsInput, 'float32', [pairs]);
  return { queries, positives, weights: cast(weights, type) };
}

/**
 * Every ordered pair of different rows with the same label; places that are left over count nothing.
 *
 * @throws if a label has more than `imagesPerClass` rows and the pairs do not fit.
 */
export function pairFeeds(labels: readonly number[], imagesPerClass: number): Record<string, Tensor> {
  const capacity = pairCapacity(labels.length, imagesPerClass);
  const queries = new BigInt64Array(capacity);
  const positives = new BigInt64Array(capacity);
  const weights = new Float32Array(capacity);
  let count = 0;
  for (const [query, label] of labels.entries()) {
    for (const [positive, other] of labels.entries()) {
      if (positive === query || other !== label) continue;
      if (count === capacity) {
        throw new TrainingError(
          `a class has more than ${imagesPerClass} rows in a batch of ${labels.length}: label ${label}`,
        );
      }
      queries[count] = BigInt(query);
      positives[count] = BigInt(positive);
      weights[count] = 1;
      count++;
    }
  }
  return {
    [queriesInput]: tensor('int64', [capacity], queries),
    [positivesInput]: tensor('int64', [capacity], positives),
    [weightsInput]: tensor('float32', [capacity], weights),
  };
}
