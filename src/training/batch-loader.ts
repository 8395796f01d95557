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
 * Loads the batch of each step while the engine works on the one before. The random numbers of a step's augmentation come
 * from the seed and the step's number, so that they do not depend on what was loaded before.
 */
export class BatchLoader {
  #next: { readonly step: number; readonly batch: Promise<LoadedBatch> } | undefined;

  constructor(
    private readonly config: TrainingConfig,
    private readonly data: TrainingData,
    private readonly source: BatchSource,
  ) {}

  /** The batch of `step`. Steps are asked for one after the other; the next one starts to load. */
  async take(step: number): Promise<LoadedBatch> {
    const current = this.#next?.step === step ? this.#next.batch : this.#load(step);
    const loaded = await current;
    const next = this.#load(step + 1);
    // An error shows when that step is taken; until then nobody waits for it.
    next.catch(() => undefined);
    this.#next = { step: step + 1, batch: next };
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
