import { cast, equal, lengthOf, mul, not, unsqueeze } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';

/** Name of the graph input that carries the rows' labels. */
export const labelsInput = 'labels';

/** Which rows are positives and which negatives of which. Shapes: all [B, B], float, 1 or 0. */
export interface RowRelations {
  readonly positive: Value;
  readonly negative: Value;
  /** 1 but on the diagonal. */
  readonly other: Value;
}

/** Adds the `labels` input, int64 [B], and the relations between rows that follow from it. */
export function rowRelations(embedding: Value): RowRelations {
  const { graph, type } = embedding;
  const rows = lengthOf(embedding, 0);
  const labels = graph.input(labelsInput, 'int64', [rows]);
  const same = equal(unsqueeze(labels, [1]), unsqueeze(labels, [0]));
  const other = graph.constant(offDiagonal(type, rows), 'off_diagonal');
  return { positive: mul(cast(same, type), other), negative: cast(not(same), type), other };
}

/** The feed of the `labels` input. */
export function labelsFeed(labels: readonly number[]): Record<string, Tensor> {
  return { [labelsInput]: tensor('int64', [labels.length], BigInt64Array.from(labels, BigInt)) };
}

function offDiagonal(type: Value['type'], rows: number): Tensor {
  const matrix = tensor(type as 'float32' | 'float64', [rows, rows]);
  matrix.data.fill(1);
  for (let row = 0; row < rows; row++) matrix.data[row * rows + row] = 0;
  return matrix as Tensor;
}
