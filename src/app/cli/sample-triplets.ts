import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { advance } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { inspectDataset } from '../../pictures/inspection/inspect-dataset.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import {
  type ClassRandomOptions,
  classRandomTriplets,
  countClassRandom,
} from '../../ranking/triplets/samplers/class-random.ts';
import type { TripletBlock } from '../../ranking/triplets/triplet-block.ts';
import { writeTripletFile } from '../../ranking/triplets/write-triplet-file.ts';
import type { Terminal } from './output/terminal.ts';

/** What became of the sampling of triplets. */
export interface SampledTriplets {
  readonly triplets: number;
  readonly queries: number;
  /** Classes that gave negatives only, having no two different images. */
  readonly classesOfOneImage: number;
  readonly withoutClass: number;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Draws triplets from the classes of a dataset, as the article does, and writes them to a file as they are drawn. Images
 * that cannot be decoded are left out; files with identical bytes are never query and positive.
 *
 * @throws if the images are not files, no triplet can be made of them, or the file cannot be written.
 */
export async function sampleTriplets(
  dataset: ImageDataset,
  file: string,
  options: ClassRandomOptions & { readonly seed: number; readonly terminal: Terminal },
): Promise<SampledTriplets> {
  const { terminal, seed } = options;
  const watched = { signal: terminal.signal, onProgress: terminal.showProgress };
  const report = await inspectDataset(dataset, watched);
  const unreadable = new Set(report.unreadable.map(({ id }) => id));
  const readable = dataset.images.filter(({ id }) => !unreadable.has(id));
  const usable = readable.filter(({ label }) => label !== undefined);
  const paths = usable.map(({ id, source }) => {
    if (source.kind === 'file') return source.path;
    throw new DatasetError(
      `a triplet file names files, and the image '${id}' of '${dataset.root}' is none: use a folder of images`,
    );
  });
  const groupOf = new Map<string, number>();
  for (const [group, { ids }] of [...report.duplicatesWithinClasses, ...report.duplicatesAcrossClasses].entries()) {
    for (const id of ids) groupOf.set(id, -1 - group);
  }
  const images = new ImagesByClass(
    usable.map(({ label }) => label ?? 0),
    (image) => groupOf.get(usable[image].id) ?? image,
  );
  const counts = countClassRandom(images, options);
  function* drawn(): Generator<TripletBlock> {
    let done = 0;
    for (const block of classRandomTriplets(images, options, RandomSource.fromSeed(seed, 'triplets'))) {
      yield block;
      done += block.length / 3;
      advance(watched, { work: 'drawing', unit: 'triplets', done, total: counts.triplets });
    }
  }
  const triplets = await writeTripletFile(file, paths, drawn());
  return {
    triplets,
    queries: counts.queries,
    classesOfOneImage: counts.classesOfOneImage,
    withoutClass: readable.length - usable.length,
    unreadable: report.unreadable,
  };
}
