import { z } from 'zod';
import { RandomSource, type RandomState } from '../../../foundation/random/random-source.ts';
import type { ImagesByClass } from '../images-by-class.ts';
import type { Triplet } from '../triplet.ts';
import type { TripletSource } from '../triplet-source.ts';
import { defineSampler } from './define-sampler.ts';
import { ShuffledEpochs, type ShuffledEpochsState } from './shuffled-epochs.ts';

/** Where an `OnlineTriplets` stands. */
export type OnlineTripletsState = ShuffledEpochsState & { readonly choices: RandomState };

/**
 * Triplets drawn while training: in an epoch every image that can be a query is one once, in shuffled order, with a
 * random positive of its class and a random negative of the others, both uniform. Epochs differ in order and choices.
 *
 * Images with identical bytes are never query and positive; images without a positive appear as negatives only.
 */
export class OnlineTriplets implements TripletSource<OnlineTripletsState> {
  readonly #images: ImagesByClass;
  readonly #queries: ShuffledEpochs;
  readonly #choices: RandomSource;

  private constructor(images: ImagesByClass, queries: ShuffledEpochs, choices: RandomSource) {
    images.requireTriplets('online triplets');
    this.#images = images;
    this.#queries = queries;
    this.#choices = choices;
  }

  /** @throws if the images have fewer than two classes, or no class has two different images. */
  static fromSeed(images: ImagesByClass, seed: number): OnlineTriplets {
    const queries = ShuffledEpochs.fromSeed(images.queries.length, seed);
    return new OnlineTriplets(images, queries, RandomSource.fromSeed(seed, 'online triplets'));
  }

  /** The source that `state` was taken from, at that place. `images` must be those it was made of. */
  static fromState(images: ImagesByClass, state: OnlineTripletsState): OnlineTriplets {
    const queries = ShuffledEpochs.fromState(images.queries.length, state);
    return new OnlineTriplets(images, queries, RandomSource.fromState(state.choices));
  }

  get epochLength(): number {
    return this.#images.queries.length;
  }

  get state(): OnlineTripletsState {
    return { ...this.#queries.state, choices: this.#choices.state };
  }

  next(): Triplet {
    const images = this.#images;
    const query = images.queries[this.#queries.next()];
    const positive = images.positive(query, this.#choices.integer(images.positiveCount(query)));
    const negative = images.negative(query, this.#choices.integer(images.negativeCount(query)));
    return { query, positive, negative };
  }
}

/** Uniform triplets, for the table: what a run draws where nobody chose otherwise. */
export const uniformSampler = defineSampler({
  schema: z.strictObject({ kind: z.literal('uniform') }),
  options: [],
  words: { option: 'uniform', drawn: 'triplets are drawn uniformly' },
  configure: () => ({}),
  choicesOf: () => ({}),
  inWords: () => 'triplets drawn uniformly',
  prepare: (_, { images }) => ({
    fromSeed: (seed) => OnlineTriplets.fromSeed(images, seed),
    fromState: (state) => OnlineTriplets.fromState(images, state as OnlineTripletsState),
  }),
});
