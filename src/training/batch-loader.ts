import { augmentationFeeds, sampleAugmentation } from '../images/augmentation.ts';
import { RandomSource } from '../random/random-source.ts';
import { tensor } from '../tensor/tensor.ts';
import type { BatchSource, BatchSourceState } from './batch-source.ts';
import type { TrainingBatch } from './training-batch.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingData } from './training-data.ts';

/** A batch and where its source stood after it: what a checkpoint written after its step must carry. */
export interface LoadedBatch {
  readonly batch: TrainingBatch;
  readonly sourceState: BatchSourceState;
}

/**
 * Loads the batch of each step while the engine works on the one before. The images of a step are the source's next; the
 * random numbers of its augmentation come from the seed and the step's number, so that they do not depend on what was
 * loaded before.
 */
export class BatchLoader {
  #next: { readonly step: number; readonly batch: Promise<LoadedBatch> } | undefined;

  /** `source` has to stand where the first step that is asked for wants it. */
  constructor(
    private readonly config: TrainingConfig,
    private readonly data: TrainingData,
    private readonly source: BatchSource,
  ) {}

  /**
   * The batch of `step`; the next one starts to load, if the run has one.
   *
   * @throws if steps are not asked for one after the other; or as the pixel cache does if an image has gone since it was
   * looked at.
   */
  async take(step: number): Promise<LoadedBatch> {
    if (this.#next !== undefined && this.#next.step !== step) {
      throw new Error(`step ${this.#next.step} is the next to be loaded, step ${step} was asked for`);
    }
    const loaded = await (this.#next?.batch ?? this.#load(step));
    if (step < this.config.steps) {
      const next = this.#load(step + 1);
      // An error shows when that step is taken; until then nobody waits for it.
      next.catch(() => undefined);
      this.#next = { step: step + 1, batch: next };
    }
    return loaded;
  }

  async #load(step: number): Promise<LoadedBatch> {
    const { config, data, source } = this;
    const places = source.next().map((image) => data.train[image]);
    const sourceState = source.state;
    const { width, height } = config.preprocessing;
    const pixels = await data.pixels.batch(places);
    const random = RandomSource.fromSeed(config.seed, `augmentation ${step}`);
    const augmentation = sampleAugmentation(config.augmentation, places.length, width, height, random);
    return {
      batch: {
        image: tensor('uint8', [places.length, height, width, 3], pixels),
        labels: places.map((place) => data.labels[place]),
        augmentation: augmentationFeeds(augmentation, config.augmentation),
      },
      sourceState,
    };
  }
}
