import type { Tensor } from '../tensor/tensor.ts';

/** What one step needs: pictures, labels, and the random numbers that were drawn for it. */
export interface TrainingBatch {
  /** uint8 [rows, H, W, 3]. */
  readonly image: Tensor;
  /** Class of each row: its number among the classes trained on (see `trainingClasses`). */
  readonly labels: readonly number[];
  /** Augmentation's inputs, one row of each for a row of the batch. */
  readonly augmentation: Readonly<Record<string, Tensor>>;
}
