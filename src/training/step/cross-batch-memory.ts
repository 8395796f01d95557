import { TrainingError } from '../../foundation/errors/training-error.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { memoryInput, memoryLabelsInput } from '../../ranking/losses/rows/class-rows.ts';

/** What a memory is made of; see `LossConfig`. */
export interface MemorySettings {
  /** Embeddings it holds at most. */
  readonly rows: number;
  /** Steps before it starts to fill. */
  readonly after: number;
}

/** Names of its tensors in a checkpoint. */
const saved = { embeddings: 'memory:embeddings', labels: 'memory:labels', next: 'memory:next' } as const;

/**
 * Cross-batch memory: a bounded queue of embeddings of earlier batches and their labels, which the rows of a batch are compared
 * with beside one another. The newest take the place of the oldest. Weights change slowly once training has settled, so an old
 * embedding is nearly what it would be now; that is why it stays empty for the first `after` steps.
 *
 * Shapes: embeddings [M, D], labels [M], -1 where a place is empty. A picture that comes back while an older embedding of it is
 * still there is its own positive: keep M below an epoch of images. What it holds and where it stands is part of a checkpoint,
 * so that a resumed run has the very memory that the uninterrupted one would have.
 * Source: Wang, Zhang, Huang and Scott 2020, "Cross-Batch Memory for Embedding Learning", section 3.2 and algorithm 1.
 */
export class CrossBatchMemory {
  /** Where the next embedding goes. */
  #next = 0;

  private constructor(
    private readonly settings: MemorySettings,
    private readonly dimension: number,
    private readonly embeddings: Float32Array,
    private readonly labels: BigInt64Array,
  ) {}

  /**
   * An empty memory; with `checkpoint` the one that was saved there.
   *
   * @throws if the checkpoint has none, or one of another size.
   */
  static create(
    settings: MemorySettings,
    dimension: number,
    checkpoint?: ReadonlyMap<string, Tensor>,
  ): CrossBatchMemory {
    const { rows } = settings;
    const embeddings = new Float32Array(rows * dimension);
    const labels = new BigInt64Array(rows).fill(-1n);
    const memory = new CrossBatchMemory(settings, dimension, embeddings, labels);
    if (checkpoint === undefined) return memory;
    embeddings.set(savedTensor(checkpoint, saved.embeddings, [rows, dimension], 'float32').data as Float32Array);
    labels.set(savedTensor(checkpoint, saved.labels, [rows], 'int64').data as BigInt64Array);
    memory.#next = Number(savedTensor(checkpoint, saved.next, [], 'int64').data[0]);
    return memory;
  }

  /** The inputs of the loss's graph, as copies. */
  feeds(): Record<string, Tensor> {
    return { [memoryInput]: this.#embeddingTensor(), [memoryLabelsInput]: this.#labelTensor() };
  }

  /** Puts the embeddings of a step's batch, [rows, D], in the place of the oldest; nothing up to step `after`. */
  remember(step: number, embeddings: Tensor, labels: readonly number[]): void {
    if (step <= this.settings.after) return;
    const { dimension } = this;
    const data = embeddings.data as Float32Array;
    for (const [row, label] of labels.entries()) {
      this.embeddings.set(data.subarray(row * dimension, (row + 1) * dimension), this.#next * dimension);
      this.labels[this.#next] = BigInt(label);
      this.#next = (this.#next + 1) % this.settings.rows;
    }
  }

  /** What a checkpoint keeps, as copies. */
  snapshot(): Map<string, Tensor> {
    return new Map<string, Tensor>([
      [saved.embeddings, this.#embeddingTensor()],
      [saved.labels, this.#labelTensor()],
      [saved.next, tensor('int64', [], BigInt64Array.of(BigInt(this.#next)))],
    ]);
  }

  #embeddingTensor(): Tensor {
    return tensor('float32', [this.settings.rows, this.dimension], this.embeddings.slice());
  }

  #labelTensor(): Tensor {
    return tensor('int64', [this.settings.rows], this.labels.slice());
  }
}

function savedTensor(
  checkpoint: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[],
  type: Tensor['type'],
): Tensor {
  const found = checkpoint.get(name);
  if (found !== undefined && found.type === type && found.shape.join() === shape.join()) return found;
  const has = found === undefined ? `lacks '${name}'` : `has ${found.type}[${found.shape}] for '${name}'`;
  throw new TrainingError(
    `the checkpoint ${has}, this run's cross-batch memory wants ${type}[${shape}]: it was written for another configuration. Start a new run`,
  );
}
