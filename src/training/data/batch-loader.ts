import { InternalError } from '../../foundation/errors/internal-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { colourFeeds, sampleAugmentation } from '../../pictures/augmentation/augmentation.ts';
import { warpImages } from '../../pictures/augmentation/warp-images.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';
import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { BatchSource, BatchSourceState } from './batch-source.ts';
import { seesPixels, type TrainingBatch } from './training-batch.ts';
import { trainingClasses } from './training-classes.ts';
import type { TrainingData } from './training-data.ts';
import type { Warping } from './warping.ts';

/** The pictures of a run, and who has their pixels. */
export interface LoadedPictures extends Pick<TrainingData, 'train' | 'labels' | 'features'> {
  readonly pixels: Pick<PixelCache, 'batch'>;
}

/** A batch and where its source stood after it: what a checkpoint written after its step must carry. */
export interface LoadedBatch {
  readonly batch: TrainingBatch;
  readonly sourceState: BatchSourceState;
}

/** The pixels of a step's images, as they are in the cache. */
interface LoadedPixels {
  readonly places: readonly ImagePlace[];
  readonly pixels: Uint8Array;
  readonly sourceState: BatchSourceState;
  /** From the request until they were there. */
  readonly seconds: number;
}

/**
 * Makes the batch of each step: its images are the source's next; the random numbers of its augmentation come from the seed
 * and the step's number, so that they do not depend on what was loaded before.
 *
 * Images are read and decoded while the engine works on the step before. Their pixels are moved when the batch is taken,
 * while the engine has nothing to do: at the same time the two would slow each other down. oneDNN's engine leaves cores idle
 * between its primitives and in losses and updates: beside it pixels are moved while it works on the step before, too.
 */
export class BatchLoader {
  readonly #classes: Int32Array;
  #seconds = 0;
  #images = 0;
  #next:
    | {
        readonly step: number;
        readonly pixels: Promise<LoadedPixels>;
        readonly batch: Promise<LoadedBatch> | undefined;
      }
    | undefined;

  /**
   * @param source has to stand where the first step that is asked for wants it.
   * @param warp moves pixels. Default: this thread does.
   */
  constructor(
    private readonly config: TrainingConfig,
    private readonly data: LoadedPictures,
    private readonly source: BatchSource,
    private readonly warp: Warping = warpImages,
  ) {
    this.#classes = trainingClasses(data).numberOf;
  }

  /**
   * The batch of `step`; the images of the next one start to load, if the run has one.
   *
   * @throws if steps are not asked for one after the other; or as the pixel cache does if an image has gone since it was
   * looked at.
   */
  async take(step: number): Promise<LoadedBatch> {
    if (this.#next !== undefined && this.#next.step !== step) {
      throw new InternalError(`step ${this.#next.step} is the next to be loaded, step ${step} was asked for`);
    }
    const batch = await (this.#next?.batch ?? this.#augment(step, await (this.#next?.pixels ?? this.#load())));
    if (step < this.config.steps) this.#begin(step + 1);
    return batch;
  }

  /** Loads the images of a step that nobody has asked for yet, and beside oneDNN moves their pixels. */
  #begin(step: number): void {
    const pixels = this.#load();
    const beside = this.config.engine.onednn !== undefined;
    const batch = beside ? pixels.then((loaded) => afterThisTurn().then(() => this.#augment(step, loaded))) : undefined;
    // An error shows when that step is taken; until then nobody waits for it.
    (batch ?? pixels).catch(() => undefined);
    this.#next = { step, pixels, batch };
  }

  /** Seconds it took to load and to move the pixels of all batches so far, much of it while the engine worked. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Images a second that could have been delivered so far to an engine that takes no time; undefined before the first. */
  get imagesPerSecond(): number | undefined {
    return this.#images === 0 ? undefined : this.#images / Math.max(this.#seconds, 1e-6);
  }

  async #load(): Promise<LoadedPixels> {
    const started = performance.now();
    const places = this.source.next().map((image) => this.data.train[image]);
    const sourceState = this.source.state;
    const pixels = seesPixels(this.config.network) ? await this.data.pixels.batch(places) : new Uint8Array(0);
    return { places, pixels, sourceState, seconds: (performance.now() - started) / 1000 };
  }

  async #augment(step: number, { places, pixels, sourceState, seconds }: LoadedPixels): Promise<LoadedBatch> {
    const started = performance.now();
    const { seed, augmentation: settings, preprocessing } = this.config;
    const { width, height } = pixels.length > 0 ? preprocessing : { width: 0, height: 0 };
    const { features } = this.data;
    const images = { count: places.length, width, height, data: pixels };
    const random = RandomSource.fromSeed(seed, `augmentation ${step}`);
    const sample = sampleAugmentation(settings, images.count, width, height, random);
    const warped = await this.warp(images, sample, settings);
    this.#seconds += seconds + (performance.now() - started) / 1000;
    this.#images += places.length;
    return {
      batch: {
        image: tensor('uint8', [images.count, height, width, 3], warped),
        ...(features === undefined ? {} : { features: features.batch(places) }),
        labels: places.map((place) => this.#classes[place]),
        augmentation: colourFeeds(sample, settings),
      },
      sourceState,
    };
  }
}

/** Once the engine has been given the step that is under way. */
const afterThisTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
