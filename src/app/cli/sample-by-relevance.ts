import { embedByModel } from '../../catalogue/embedding/embed-by-model.ts';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { advance } from '../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import type { SamplerConfig } from '../../ranking/triplets/samplers/sampler-table.ts';
import type { TripletBlock } from '../../ranking/triplets/triplet-block.ts';
import { writeTripletFile } from '../../ranking/triplets/write-triplet-file.ts';
import { batchSource } from '../../training/data/batch-source.ts';
import { prepareData } from '../../training/data/training-data.ts';
import type { Terminal } from './output/terminal.ts';
import type { SampledTriplets } from './sample-triplets.ts';

/** How many triplets are drawn, and of what. */
export interface SampleByRelevanceOptions {
  readonly sampler: SamplerConfig;
  /** Default: as many as there are images. */
  readonly count?: number;
  readonly seed: number;
  readonly terminal: Terminal;
}

/** Triplets that are drawn at a time. */
const tripletsAPiece = 1000;
/** Pixels a side of the pictures that features are taken of. */
const side = 64;

/**
 * Draws triplets by relevance, as training does, and writes them to a file as they are drawn. Images that cannot be decoded
 * are left out; those that look the same are never query and positive.
 *
 * @throws if the images are not files, no triplet can be made of them, or the file cannot be written.
 */
export async function sampleByRelevance(
  dataset: ImageDataset,
  file: string,
  { sampler, count, seed, terminal }: SampleByRelevanceOptions,
): Promise<SampledTriplets> {
  const watched = { signal: terminal.signal, onProgress: terminal.showProgress };
  const data = await prepareData(
    dataset,
    { preprocessing: preprocessingRule(side, side), heldOut: { share: 0, by: 'image' }, seed, sampler },
    { embedByModel, ...watched },
  );
  const paths = data.train.map((place) => {
    const { id, source } = dataset.images[place];
    if (source.kind === 'file') return source.path;
    throw new DatasetError(
      `a triplet file names files, and the image '${id}' of '${dataset.root}' is none: use a folder of images`,
    );
  });
  const wanted = count ?? paths.length;
  const source = batchSource(data.material, { kind: 'triplets', triplets: 1 }, seed);
  const queries = new Set<number>();
  function* drawn(): Generator<TripletBlock> {
    for (let done = 0; done < wanted; ) {
      const block = new Uint32Array(3 * Math.min(tripletsAPiece, wanted - done));
      for (let at = 0; at < block.length; at += 3) {
        block.set(source.next(), at);
        queries.add(block[at]);
      }
      yield block;
      done += block.length / 3;
      advance(watched, { work: 'drawing', unit: 'triplets', done, total: wanted });
    }
  }
  const triplets = await writeTripletFile(file, paths, drawn());
  return {
    triplets,
    queries: queries.size,
    classesOfOneImage: data.material.kind === 'classes' ? data.material.images.classesOfOneImage : 0,
    withoutClass: data.withoutClass,
    unreadable: data.unreadable.map(({ id, reason }) => ({ id, reason })),
  };
}
