/**
 * Embeddings as one row of float64 numbers for each label.
 *
 * @throws if the numbers do not fit the labels; `what` says who asks.
 */
export function labelledRows(
  embeddings: ArrayLike<number>,
  dimension: number,
  labels: ArrayLike<number>,
  what: string,
): Float64Array[] {
  if (embeddings.length !== labels.length * dimension) {
    throw new Error(
      `${what}: ${labels.length} labels and dimension ${dimension} ask for ${labels.length * dimension} numbers, ` +
        `got ${embeddings.length}`,
    );
  }
  return Array.from({ length: labels.length }, (_, row) =>
    Float64Array.from({ length: dimension }, (_, d) => embeddings[row * dimension + d]),
  );
}

/** Every ordered pair of different rows with one label, in the order of the query, then of the positive. */
export function* positivePairsOf(
  labels: ArrayLike<number>,
): Generator<{ readonly query: number; readonly positive: number }> {
  for (let query = 0; query < labels.length; query++) {
    for (let positive = 0; positive < labels.length; positive++) {
      if (positive !== query && labels[positive] === labels[query]) yield { query, positive };
    }
  }
}
