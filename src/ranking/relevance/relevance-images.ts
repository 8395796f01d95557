import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { ImageDataset, ImageRecord } from '../../pictures/datasets/dataset.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';

/** The images that relevance is asked of, counted from 0 in the order of `places`. */
export interface RelevanceImages {
  readonly dataset: ImageDataset;
  /** Their places in the dataset. All of them have a class. */
  readonly places: readonly ImagePlace[];
  /** For each image a number that it shares with those that look the same: they are never relevant to each other. */
  readonly twins: ArrayLike<number>;
}

/** An image's record. */
export function recordOf({ dataset, places }: RelevanceImages, image: number): ImageRecord {
  return dataset.images[places[image]];
}

/** Name of an image's class. @throws if it has none. */
export function classNameOf(images: RelevanceImages, image: number): string {
  const { id, label } = recordOf(images, image);
  if (label === undefined) throw new DatasetError(`relevance: the image '${id}' has no class`);
  return images.dataset.classes[label];
}
