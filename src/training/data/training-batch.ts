import type { Tensor } from '../../graph/tensor/tensor.ts';
import type { NetworkConfig } from '../../ranking/networks/network-config.ts';

/** What one step needs: pictures, labels, and the random numbers that were drawn for it. */
export interface TrainingBatch {
  /** uint8 [rows, H, W, 3]; without pixels, [rows, 0, 0, 3], where `seesPixels` is false. */
  readonly image: Tensor;
  /** float32 [rows, F]: what a frozen trunk makes of the pictures, where that is known beforehand. */
  readonly features?: Tensor;
  /** Class of each row: its number among the classes trained on (see `trainingClasses`). */
  readonly labels: readonly number[];
  /** Augmentation's inputs, one row of each for a row of the batch. */
  readonly augmentation: Readonly<Record<string, Tensor>>;
}

/** False if the network sees nothing of pictures but the cached features of a trunk. */
export function seesPixels({ trunk, paths, hog }: NetworkConfig): boolean {
  return trunk?.cached !== true || paths !== 'none' || hog === true;
}
