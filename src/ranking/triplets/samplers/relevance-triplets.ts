import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Relevance } from '../../relevance/relevance.ts';
import type { Triplet } from '../triplet.ts';
import type { TripletSource } from '../triplet-source.ts';
import type { ImportanceOptions } from './importance-options.ts';
import { ImportanceSampler } from './importance-sampler.ts';
import type { ImportanceSamplerState } from './importance-state.ts';
import { ShuffledEpochs, type ShuffledEpochsState } from './shuffled-epochs.ts';

/** Where a `RelevanceTriplets` stands. */
export type RelevanceTripletsState = ShuffledEpochsState & ImportanceSamplerState;

/**
 * Triplets for training by online importance sampling over images that are there from the start. All images stream through
 * the sampler once before the first triplet, and once more, in a new order, every epoch: one image a triplet. So the buffers
 * are always full, and what they hold changes as an epoch goes on.
 */
export class RelevanceTriplets implements TripletSource<RelevanceTripletsState> {
  readonly #relevance: Relevance;
  readonly #stream: ShuffledEpochs;
  readonly #sampler: ImportanceSampler;

  private constructor(relevance: Relevance, stream: ShuffledEpochs, sampler: ImportanceSampler) {
    this.#relevance = relevance;
    this.#stream = stream;
    this.#sampler = sampler;
  }

  /**
   * @throws if an option is out of its bounds, or if the images make no triplet of a kind that is asked for: no category has
   * two images that are relevant to each other, there is one category only, or no negatives of the query's own category are
   * less relevant than a positive by the margin.
   */
  static fromSeed(relevance: Relevance, options: ImportanceOptions, seed: number): RelevanceTriplets {
    const stream = ShuffledEpochs.fromSeed(relevance.totals.length, seed);
    const sampler = ImportanceSampler.fromSeed(relevance.between, options, seed);
    const source = new RelevanceTriplets(relevance, stream, sampler);
    for (let offered = 0; offered < source.epochLength; offered++) source.#offerNext();
    // Tried on copies, so that the source stands where it stood.
    for (const outOfClass of [true, false]) {
      if ((outOfClass ? options.outOfClass : 1 - options.outOfClass) === 0) continue;
      const trial = ImportanceSampler.fromState(relevance.between, options, sampler.state);
      if (trial.draw(outOfClass) === undefined) refuse(relevance, options, outOfClass);
    }
    return source;
  }

  /**
   * The source that `state` was taken from, at that place. `relevance` and `options` must be those it was made of.
   *
   * @throws if the state holds an image that is not there, or does not fit the options.
   */
  static fromState(relevance: Relevance, options: ImportanceOptions, state: RelevanceTripletsState): RelevanceTriplets {
    const count = relevance.totals.length;
    const unknown = state.ids.find((id) => !(id >= 0 && id < count));
    if (unknown !== undefined) {
      throw new TrainingError(
        `relevance sampling: the saved buffers hold image ${unknown}, but there are ${count} images: the data has changed; ` +
          'start a new run, or bring back the data that this one was started with',
      );
    }
    const sampler = ImportanceSampler.fromState(relevance.between, options, state);
    return new RelevanceTriplets(relevance, ShuffledEpochs.fromState(count, state), sampler);
  }

  /** As many triplets as images. */
  get epochLength(): number {
    return this.#relevance.totals.length;
  }

  get state(): RelevanceTripletsState {
    return { ...this.#stream.state, ...this.#sampler.state };
  }

  /** @throws if a whole epoch of images gives no triplet: queries that fail leave the buffers faster than others come. */
  next(): Triplet {
    for (let offered = 0; offered < this.epochLength; offered++) {
      this.#offerNext();
      const triplet = this.#sampler.next();
      if (triplet !== undefined) return triplet;
    }
    throw new TrainingError(
      'relevance sampling: no triplet in a whole epoch of images: hardly any query has a positive and a negative that differ ' +
        'in relevance by the margin; use a smaller margin, a larger share of out-of-class negatives, or larger buffers',
    );
  }

  #offerNext(): void {
    const { epoch } = this.#stream.state;
    const image = this.#stream.next();
    if (this.#stream.state.epoch > epoch) this.#sampler.startPass();
    const { categories, totals } = this.#relevance;
    this.#sampler.offer(image, categories[image], totals[image]);
  }
}

function refuse({ categories, totals }: Relevance, { margin }: ImportanceOptions, outOfClass: boolean): never {
  const relevant = totals.reduce((sum, r) => sum + (r > 0 ? 1 : 0), 0);
  const found = `${totals.length} images in ${new Set(categories).size} categories, of which ${relevant} are relevant to others`;
  throw new TrainingError(
    outOfClass
      ? `relevance sampling: ${found}: a triplet with a negative of another category needs two categories that have images relevant to each other`
      : `relevance sampling: ${found}: no triplet with a negative of the query's own category was found: three images of one ` +
          `category are needed whose relevances differ by the margin, ${margin}; use a smaller margin, classes with subgroups ` +
          '(group/subgroup/concept), another kind of relevance, or out-of-class negatives alone (share 1)',
  );
}
