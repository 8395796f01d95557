import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Value } from '../../../graph/builder/graph.ts';
import {
  cast,
  concat,
  equal,
  greaterOrEqual,
  lengthOf,
  mul,
  not,
  reshape,
  unsqueeze,
} from '../../../graph/builder/operations.ts';
import { type Tensor, tensor } from '../../../graph/tensor/tensor.ts';
import { batchInput } from './batch-input.ts';
import { stopGradient } from './stop-gradient.ts';

/** Name of the graph input that carries the rows' labels. */
const labelsInput = 'labels';
/** Name of the graph input that carries embeddings of earlier batches, float32 [M, D]. */
export const memoryInput = 'memory';
/** Name of the graph input that carries their labels, int64 [M]; -1 marks a place that is still empty. */
export const memoryLabelsInput = 'memory_labels';

/** Which candidates are positives and which negatives of which row. Shapes: all [B, C], float, 1 or 0. */
export interface RowRelations {
  /** What every row is compared with, [C, D]: the batch's own rows, then the M remembered ones. */
  readonly candidates: Value;
  readonly positive: Value;
  readonly negative: Value;
  /** 1 where the candidate is there and is not the row itself. */
  readonly other: Value;
}

/**
 * Adds the `labels` input, int64 [B], and the relations between rows that follow from it.
 *
 * With `memoryRows` M above 0 the rows are also compared with M embeddings of earlier batches, which are inputs, too
 * (cross-batch memory, Wang et al. 2020): C = B + M. They are numbers, so no gradient flows into them; nor does it into the
 * batch's own rows where they are candidates, as in the paper's algorithm: most pairs that push have their other end in the
 * memory, and if those that pull moved both ends, they would win and draw everything together. Empty places are neither
 * positive nor negative. Without memory C = B, and a pair moves both ends.
 */
export function rowRelations(embedding: Value, memoryRows: number): RowRelations {
  const { graph, type } = embedding;
  const rows = lengthOf(embedding, 0);
  const labels = batchInput(graph, labelsInput, 'int64', [rows]);
  const offDiagonal = graph.constant(offDiagonalOf(type, rows, rows + memoryRows), 'off_diagonal');
  if (memoryRows === 0) {
    const same = equal(unsqueeze(labels, [1]), unsqueeze(labels, [0]));
    const positive = mul(cast(same, type), offDiagonal);
    return { candidates: embedding, positive, negative: cast(not(same), type), other: offDiagonal };
  }
  const memory = graph.input(memoryInput, 'float32', [memoryRows, lengthOf(embedding, 1)]);
  const memoryLabels = graph.input(memoryLabelsInput, 'int64', [memoryRows]);
  const all = concat([labels, memoryLabels], 0);
  const same = equal(unsqueeze(labels, [1]), unsqueeze(all, [0]));
  const present = reshape(cast(greaterOrEqual(all, 0), type), [1, rows + memoryRows]);
  const other = mul(offDiagonal, present);
  return {
    candidates: concat([stopGradient(embedding), cast(memory, type)], 0),
    positive: mul(cast(same, type), other),
    negative: mul(cast(not(same), type), present),
    other,
  };
}

/** The feed of the `labels` input. @throws if a label is negative: a row of a batch of classes has a class. */
export function labelsFeed(labels: readonly number[]): Record<string, Tensor> {
  const nameless = labels.findIndex((label) => label < 0);
  if (nameless >= 0)
    throw new TrainingError(`row ${nameless} of a batch of classes has no class: its label is ${labels[nameless]}`);
  return { [labelsInput]: tensor('int64', [labels.length], BigInt64Array.from(labels, BigInt)) };
}

/**
 * Adds the `labels` input, int64 [B], and which row of the batch is of which class: [B, classes] of the rows' type, 1 or 0.
 *
 * @param rows what the batch's rows are, [B, D].
 */
export function classMembership(rows: Value, classes: number): Value {
  const { graph, type } = rows;
  const labels = batchInput(graph, labelsInput, 'int64', [lengthOf(rows, 0)]);
  const numbers = BigInt64Array.from({ length: classes }, (_, number) => BigInt(number));
  const ofClass = graph.constant(tensor('int64', [1, classes], numbers), 'class_numbers');
  return cast(equal(unsqueeze(labels, [1]), ofClass), type);
}

/**
 * The feed of the `labels` input for a loss that knows so many classes.
 *
 * @param knows what begins the message: the loss, and what it has of the classes.
 * @throws as `labelsFeed` does, and if a label is beyond the classes.
 */
export function knownLabelsFeed(labels: readonly number[], classes: number, knows: string): Record<string, Tensor> {
  const beyond = labels.find((label) => label >= classes);
  if (beyond !== undefined) throw new TrainingError(`${knows}, 0 to ${classes - 1}; got the label ${beyond}`);
  return labelsFeed(labels);
}

function offDiagonalOf(type: Value['type'], rows: number, columns: number): Tensor {
  const matrix = tensor(type as 'float32' | 'float64', [rows, columns]);
  matrix.data.fill(1);
  for (let row = 0; row < rows; row++) matrix.data[row * columns + row] = 0;
  return matrix as Tensor;
}
