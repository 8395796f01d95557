import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { Relevance } from '../../ranking/relevance/relevance.ts';
import type { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import { ClassBatches, type ClassBatchesState } from '../../ranking/triplets/samplers/class-batches.ts';
import type { PreparedSampler } from '../../ranking/triplets/samplers/define-sampler.ts';
import { ListedTriplets } from '../../ranking/triplets/samplers/listed-triplets.ts';
import { usualSampler } from '../../ranking/triplets/samplers/sampler-table.ts';
import type { ShuffledEpochsState } from '../../ranking/triplets/samplers/shuffled-epochs.ts';
import type { TripletList } from '../../ranking/triplets/triplet-list.ts';
import type { TripletSource, TripletSourceState } from '../../ranking/triplets/triplet-source.ts';
import type { BatchConfig } from '../configuration/step/batch-config.ts';

/** Where a source of batches stands, as a checkpoint carries it. */
export type BatchSourceState = ClassBatchesState | TripletSourceState;

/** An endless stream of batches, as image numbers; it can be continued where it stood. */
export interface BatchSource {
  readonly rows: number;
  /** Batches that make an epoch, perhaps with a fraction: every query once, or as many rows as images. */
  readonly epochBatches: number;
  /** Most rows of one class in a batch; undefined for triplets. */
  readonly imagesPerClass: number | undefined;
  /** True if every batch has images of all classes. */
  readonly everyClass: boolean;
  next(): number[];
  readonly state: BatchSourceState;
}

/** What batches are made of: images grouped by class, or triplets that somebody listed. */
export type BatchMaterial =
  | {
      readonly kind: 'classes';
      readonly images: ImagesByClass;
      /** Triplets are drawn by this instead of uniformly. */
      readonly sampler?: PreparedSampler;
      /** How alike images are, by their numbers, where the sampler goes by it. */
      readonly relevance?: Relevance;
    }
  | { readonly kind: 'listed'; readonly triplets: TripletList };

/**
 * The batches of a run.
 *
 * @throws if classes by images are asked of listed triplets, which have no classes; or as the samplers do.
 */
export function batchSource(
  material: BatchMaterial,
  batch: BatchConfig,
  seed: number,
  state?: BatchSourceState,
): BatchSource {
  if (batch.kind === 'triplets') return tripletBatches(tripletSource(material, seed, state), batch.triplets);
  if (material.kind === 'listed') {
    throw new DatasetError(
      'listed triplets have no classes, so no batches of classes by images can be made of them: use the loss hinge or batch-mean-hinge',
    );
  }
  const options = { batch: batch.rows, imagesPerClass: batch.imagesPerClass, everyClass: batch.everyClass };
  const batches =
    state === undefined
      ? ClassBatches.fromSeed(material.images, options, seed)
      : ClassBatches.fromState(material.images, options, state as ClassBatchesState);
  return {
    rows: batches.rows,
    epochBatches: material.images.imageCount / batches.rows,
    imagesPerClass: batches.imagesPerClass,
    everyClass: batches.everyClass,
    next: () => batches.next(),
    get state() {
      return batches.state;
    },
  };
}

function tripletSource(material: BatchMaterial, seed: number, state: BatchSourceState | undefined): TripletSource {
  if (material.kind === 'listed') {
    return state === undefined
      ? ListedTriplets.fromSeed(material.triplets, seed)
      : ListedTriplets.fromState(material.triplets, state as ShuffledEpochsState);
  }
  const {
    images,
    relevance,
    sampler = usualSampler.prepare({ kind: usualSampler.name }, { images, relevance }),
  } = material;
  return state === undefined ? sampler.fromSeed(seed) : sampler.fromState(state);
}

function tripletBatches(source: TripletSource, triplets: number): BatchSource {
  return {
    rows: 3 * triplets,
    epochBatches: source.epochLength / triplets,
    imagesPerClass: undefined,
    everyClass: false,
    next() {
      const rows: number[] = [];
      for (let count = 0; count < triplets; count++) {
        const { query, positive, negative } = source.next();
        rows.push(query, positive, negative);
      }
      return rows;
    },
    get state() {
      return source.state;
    },
  };
}
