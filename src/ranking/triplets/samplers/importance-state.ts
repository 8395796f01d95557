import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { RandomState } from '../../../foundation/random/random-source.ts';
import { type ReservoirEntry, WeightedReservoir } from './weighted-reservoir.ts';

/**
 * Where an `ImportanceSampler` stands, as plain JSON. The first four lists have a number a category, in the order in which
 * categories were met; the others a number for each record held, category by category.
 */
export type ImportanceSamplerState = {
  readonly random: RandomState;
  readonly pass: number;
  readonly categories: readonly number[];
  readonly sums: readonly number[];
  /** The record that waits for another one to be compared with, -1 for none. */
  readonly waiting: readonly number[];
  readonly sizes: readonly number[];
  readonly ids: readonly number[];
  readonly weights: readonly number[];
  readonly keys: readonly number[];
  readonly passes: readonly number[];
  readonly failures: readonly number[];
};

/** What importance sampling holds of a category. */
export interface CategoryBuffer {
  readonly category: number;
  readonly reservoir: WeightedReservoir;
  /** Running sum of the total relevance of all records of the category, held or not. */
  sum: number;
  /** The record that waits for another one to be compared with, -1 for none. */
  waiting: number;
}

/**
 * The buffers that a state was taken from, in its order.
 *
 * @throws if the state does not fit together or has more records in a buffer than its capacity.
 */
export function savedBuffers(state: ImportanceSamplerState, capacity: number): CategoryBuffer[] {
  let end = 0;
  return state.categories.map((category, index) => {
    const size = state.sizes[index];
    const start = end;
    end += size;
    if (!(size >= 0 && size <= capacity && end <= state.ids.length)) {
      throw new TrainingError(
        `importance sampling: the saved buffer of category ${category} has ${size} records, for which there is no room ` +
          `(capacity ${capacity}, ${state.ids.length} records saved): resume with the options of the saved run`,
      );
    }
    const entries = state.ids.slice(start, end).map(
      (id, place): ReservoirEntry => ({
        id,
        weight: state.weights[start + place],
        key: state.keys[start + place],
        pass: state.passes[start + place],
        failures: state.failures[start + place],
      }),
    );
    const reservoir = WeightedReservoir.from(capacity, entries);
    return { category, reservoir, sum: state.sums[index], waiting: state.waiting[index] };
  });
}
