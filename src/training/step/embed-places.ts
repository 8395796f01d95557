import { inFixedBatches, tableOfRows } from '../../engines/fixed-batches.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';
import type { PreprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import type { FeatureTable } from '../data/feature-table.ts';
import { seesPixels } from '../data/training-batch.ts';
import type { Trainer } from './trainer.ts';

/** Prepared pictures by their places. */
export interface PreparedPixels {
  /** What all were prepared by. */
  readonly rule: Pick<PreprocessingRule, 'width' | 'height'>;
  /** The pixels of some pictures, one after the other. */
  batch(places: readonly ImagePlace[]): Promise<Uint8Array>;
}

/**
 * Embeddings of the pictures at `places`, one row each, by the network as it now is; see `inFixedBatches`. A network with a
 * cached trunk needs the pictures' `features`.
 */
export function embedPlaces(
  trainer: Trainer,
  pixels: PreparedPixels,
  places: readonly ImagePlace[],
  features?: FeatureTable,
): Promise<Float32Array> {
  const { embedRows: rows } = trainer;
  const seen = seesPixels(trainer.config.network);
  const { width, height } = seen ? pixels.rule : { width: 0, height: 0 };
  const batches = inFixedBatches(places, rows, async (batch) => {
    const image = tensor('uint8', [rows, height, width, 3], await pixels.batch(seen ? batch : []));
    return trainer.embed(image, features?.batch(batch));
  });
  return tableOfRows(batches, places.length, trainer.config.network.embeddingDimension);
}
