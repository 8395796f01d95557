import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { sampleWithoutReplacement } from '../../foundation/random/shuffle.ts';
import type { ImageDataset, ImageRecord, ImageSource } from '../../pictures/datasets/dataset.ts';

/** A picture with the number of its class. */
export interface LabelledSource {
  readonly source: ImageSource;
  readonly label: number;
}

/** Which pictures ranges are taken from, and which Recall@1 is measured on. */
export interface ChosenImages {
  readonly calibration: readonly ImageSource[];
  readonly judged: readonly LabelledSource[];
}

/**
 * Draws `count` pictures to calibrate on and takes labelled ones to judge on. With a dataset of its own for judging, all of
 * its labelled pictures are judged on; else all labelled ones that were not drawn, and at most a quarter is drawn.
 *
 * @throws if there is no picture, none but those drawn, or none with a class to judge on.
 */
export function chooseImages(
  dataset: ImageDataset,
  count: number,
  seed: number,
  judge: ImageDataset | undefined,
): ChosenImages {
  const { images, root } = dataset;
  const most = judge === undefined ? Math.max(Math.floor(images.length / 4), 1) : images.length;
  const drawn = sampleWithoutReplacement(images, Math.min(count, most), RandomSource.fromSeed(seed, 'calibration'));
  if (drawn.length === 0)
    throw new DatasetError(`there is no image in '${root}' to calibrate on: give a folder with pictures`);
  const taken = new Set<ImageRecord>(drawn);
  const judgeable = judge === undefined ? images.filter((image) => !taken.has(image)) : judge.images;
  const judged = judgeable.flatMap(({ source, label }) => (label === undefined ? [] : [{ source, label }]));
  if (judgeable.length === 0) {
    throw new DatasetError(
      judge === undefined
        ? `quantising takes pictures to calibrate on and other, labelled ones to judge on, but '${root}' has only ${images.length}: ` +
            'add pictures, in one folder a class, or name labelled images with options.judge'
        : `there is no image in '${judge.root}' to judge on, so it cannot be measured whether Recall@1 falls: give labelled images`,
    );
  }
  if (judged.length === 0) {
    throw new DatasetError(
      `none of the ${judgeable.length} images in '${(judge ?? dataset).root}' to judge on has a class, so it cannot be ` +
        'measured whether Recall@1 falls: put them into one folder a class, or name labelled images with options.judge',
    );
  }
  return { calibration: drawn.map(({ source }) => source), judged };
}
