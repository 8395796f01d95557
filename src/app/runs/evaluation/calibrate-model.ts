import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { Calibration } from '../../../evaluation/calibration/calibration.ts';
import { fitCalibration } from '../../../evaluation/calibration/fit-calibration.ts';
import type { LongWork } from '../../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { embedLabelled, type LabelledEmbeddings } from './embed-labelled.ts';

/** The model and the labelled images that its distances are calibrated on. */
export interface CalibrateModelOptions extends LongWork {
  /** Labelled images that the model was not trained on. */
  readonly dataset: ImageDataset;
  readonly embedder: Embedder;
  readonly seed: number;
  /** What the calibration says of where the images are from. */
  readonly source: string;
}

/** A calibration, and which images it could not use. */
export interface ModelCalibration extends Pick<LabelledEmbeddings, 'withoutClass' | 'unreadable'> {
  readonly calibration: Calibration;
}

/**
 * Calibrates a model's own distance on labelled images: embeds them and fits what share of pairs at a distance are of one
 * class. The model's file is not touched; see `recordCalibration`.
 *
 * @throws TooFewPairs if there is too little to calibrate with; as `embedLabelled` does.
 */
export async function calibrateModel(options: CalibrateModelOptions): Promise<ModelCalibration> {
  const { dataset, embedder, seed, source, onProgress, signal } = options;
  const { data, dimension, labels, withoutClass, unreadable } = await embedLabelled(dataset, embedder, {
    onProgress,
    signal,
  });
  const { distance } = embedder.model.metadata;
  const calibration = fitCalibration({ embeddings: data, dimension, labels, distance, seed, source });
  return { calibration, withoutClass, unreadable };
}
