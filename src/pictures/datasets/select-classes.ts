import { checkArgument } from '../../foundation/arguments/check-options.ts';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { ImageDataset, ImageRecord } from './dataset.ts';
import { datasetRule } from './dataset-rule.ts';

/**
 * The dataset's images of the named classes alone, in their old order. `classes` becomes the list of classes as it is
 * given, and labels are numbered anew by it. Images of no class are left out.
 *
 * @throws if a class is not one of the dataset's.
 */
export function selectClasses(dataset: ImageDataset, classes: readonly string[]): ImageDataset {
  checkArgument(dataset, datasetRule, 'dataset');
  const known = new Map(dataset.classes.map((name, label) => [name, label]));
  const relabelled = new Map<number, number>();
  for (const [label, name] of classes.entries()) {
    const old = known.get(name);
    if (old === undefined) throw new DatasetError(`the dataset '${dataset.root}' has no class '${name}' to select`);
    relabelled.set(old, label);
  }
  const images: ImageRecord[] = [];
  for (const image of dataset.images) {
    const label = image.label === undefined ? undefined : relabelled.get(image.label);
    if (label !== undefined) images.push({ ...image, label });
  }
  return { ...dataset, images, classes };
}
