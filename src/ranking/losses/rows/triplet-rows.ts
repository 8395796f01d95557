import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Value } from '../../../graph/builder/graph.ts';
import { lengthOf, reshape, slice } from '../../../graph/builder/operations.ts';
import type { Distance } from '../../distances/distance.ts';

/** Distances of the triplets in a batch. Shapes: both [T]. */
export interface TripletDistances {
  readonly toPositive: Value;
  readonly toNegative: Value;
}

/**
 * `D(q, p)` and `D(q, n)` of a batch whose rows are query, positive, negative, query, positive, negative, ... Shapes:
 * embedding [3 T, D].
 *
 * @throws if the number of rows is not a multiple of three.
 */
export function tripletDistances(embedding: Value, distance: Distance): TripletDistances {
  const [rows, dimension] = [lengthOf(embedding, 0), lengthOf(embedding, 1)];
  if (rows % 3 !== 0) {
    throw new TrainingError(`a batch of triplets has rows in threes (query, positive, negative); got ${rows} rows`);
  }
  const triplets = rows / 3;
  const byTriplet = reshape(embedding, [triplets, 3 * dimension]);
  const part = (index: number) =>
    slice(byTriplet, [{ axis: 1, start: index * dimension, end: (index + 1) * dimension }]);
  const [query, positive, negative] = [part(0), part(1), part(2)];
  return { toPositive: distance.graph(query, positive), toNegative: distance.graph(query, negative) };
}
