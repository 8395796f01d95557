import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { TrainingConfig } from '../../configuration/training-config.ts';
import type { TrainingData } from '../../data/training-data.ts';
import { type Finding, inOrder } from '../finding.ts';
import { findContradictoryLabels } from './contradictory-labels.ts';
import { findDuplicatedPositives } from './duplicated-positives.ts';
import type { ExaminedImages } from './examined-images.ts';
import { findLeakage, type NearlyIdentical } from './leakage.ts';
import { findUnvisitedClasses } from './unvisited-classes.ts';

/** The pictures of a prepared run as the doctor looks at them. */
export function examinedImages(dataset: ImageDataset, data: TrainingData): ExaminedImages {
  const { train, heldOut, labels, digests } = data;
  return {
    train,
    heldOut,
    labels,
    digests,
    idOf: (image) => dataset.images[image].id,
    classOf: (label) => dataset.classes[label],
  };
}

/**
 * What a run's pictures show before the first step: classes that no batch will have, held-out pictures that are trained on,
 * copies with one label and with two. `near`: held-out pictures that look nearly like one that is trained on.
 */
export function examineData(
  dataset: ImageDataset,
  config: TrainingConfig,
  data: TrainingData,
  near: readonly NearlyIdentical[] = [],
): Finding[] {
  const images = examinedImages(dataset, data);
  const { digests, idOf } = images;
  return inOrder([
    findUnvisitedClasses(config, data.material, images),
    findLeakage(
      { images: data.train, digests, idOf },
      { images: data.heldOut, digests, idOf },
      near,
      'pictures kept to judge by',
    ),
    findContradictoryLabels(images),
    findDuplicatedPositives(images),
  ]);
}
