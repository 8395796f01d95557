import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Triplet } from '../triplet.ts';
import type { TripletList } from '../triplet-list.ts';
import type { TripletSource } from '../triplet-source.ts';
import { ShuffledEpochs, type ShuffledEpochsState } from './shuffled-epochs.ts';

/** Triplets that somebody made beforehand (people, or a sampler's file): each once an epoch, in shuffled order. */
export class ListedTriplets implements TripletSource<ShuffledEpochsState> {
  readonly #triplets: TripletList;
  readonly #epochs: ShuffledEpochs;

  private constructor(triplets: TripletList, epochs: ShuffledEpochs) {
    if (triplets.length === 0) throw new TrainingError('listed triplets: the list is empty; give at least one triplet');
    this.#triplets = triplets;
    this.#epochs = epochs;
  }

  /** @throws if the list is empty. */
  static fromSeed(triplets: TripletList, seed: number): ListedTriplets {
    return new ListedTriplets(triplets, ShuffledEpochs.fromSeed(triplets.length, seed));
  }

  /** The source that `state` was taken from, at that place. `triplets` must be the same list. */
  static fromState(triplets: TripletList, state: ShuffledEpochsState): ListedTriplets {
    return new ListedTriplets(triplets, ShuffledEpochs.fromState(triplets.length, state));
  }

  get epochLength(): number {
    return this.#triplets.length;
  }

  get state(): ShuffledEpochsState {
    return this.#epochs.state;
  }

  next(): Triplet {
    return this.#triplets.at(this.#epochs.next());
  }
}
