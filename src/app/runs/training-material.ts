import path from 'node:path';
import { text } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { splitPart } from '../../pictures/datasets/dataset-part.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import { isTripletFile } from '../../ranking/triplets/is-triplet-file.ts';
import { loadTripletFile } from '../../ranking/triplets/read-triplet-file.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';

/** What a network learns from: labelled images, or images and the triplets that somebody made of them. */
export interface TrainingMaterial {
  readonly dataset: ImageDataset;
  /** Places in the dataset; undefined where triplets come from classes. */
  readonly triplets: readonly Triplet[] | undefined;
  /** Where it was loaded from, absolute; a run remembers it. Undefined where it was put together otherwise. */
  readonly location?: string;
}

/**
 * Loads a folder of class folders, IDX files, a CSV with labels, or a CSV of triplets.
 *
 * @throws as `loadDataset` and `loadTripletFile` do, and if images have no classes or one alone, so that no triplets can be
 * made.
 */
export async function loadTrainingMaterial(location: string): Promise<TrainingMaterial> {
  checkArgument(location, text('the path of images or triplets'), 'location');
  if (!(await isTripletFile(location))) {
    const dataset = await loadDataset(location);
    if (dataset.classes.length === 0) {
      throw new DatasetError(
        `the images in '${location}' have no classes, so nothing says which are alike: put them into one folder a class, or give a CSV with labels or with triplets`,
      );
    }
    if (dataset.classes.length === 1) {
      throw new DatasetError(
        `the images in '${location}' are all of one class, '${dataset.classes[0]}': a triplet needs a negative of another class; add images of another class`,
      );
    }
    return { dataset, triplets: undefined, location: absolute(location) };
  }
  const { images, triplets } = await loadTripletFile(location);
  const root = path.resolve(location);
  const records = images.map((file) => ({
    id: path.relative(path.dirname(root), file).split(path.sep).join('/'),
    source: { kind: 'file', path: file } as const,
    label: undefined,
  }));
  return { dataset: { root, layout: 'csv', images: records, classes: [] }, triplets: [...triplets], location: root };
}

/** An absolute place, with the part of it that was asked for. */
function absolute(location: string): string {
  const { path: place, part } = splitPart(location);
  return part === undefined ? path.resolve(place) : `${path.resolve(place)}#${part}`;
}
