import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { RandomSource, type RandomState } from '../../../foundation/random/random-source.ts';
import { shuffle } from '../../../foundation/random/shuffle.ts';

/** Where a `ShuffledEpochs` stands: the random state from which the present epoch was shuffled, and the place in it. */
export type ShuffledEpochsState = {
  readonly epoch: number;
  readonly position: number;
  readonly order: RandomState;
};

/**
 * The integers 0 to `count` - 1, each once an epoch, every epoch in a new random order. The state is a few numbers
 * however long an epoch is: the order is shuffled again from the random state before it.
 */
export class ShuffledEpochs {
  readonly #random: RandomSource;
  readonly #count: number;
  #order: number[] = [];
  #state: ShuffledEpochsState;

  private constructor(count: number, state: ShuffledEpochsState) {
    if (!(state.position >= 0 && state.position <= count)) {
      throw new TrainingError(
        `the saved order stands at place ${state.position} of an epoch, which has ${count}: the data has changed; ` +
          'start a new run, or bring back the data that this one was started with',
      );
    }
    this.#random = RandomSource.fromState(state.order);
    this.#count = count;
    this.#state = state;
    this.#shuffle();
  }

  static fromSeed(count: number, seed: number): ShuffledEpochs {
    const order = RandomSource.fromSeed(seed, 'shuffled epochs').state;
    return new ShuffledEpochs(count, { epoch: 0, position: 0, order });
  }

  /** @throws if the state stands beyond the end of an epoch of `count`. */
  static fromState(count: number, state: ShuffledEpochsState): ShuffledEpochs {
    return new ShuffledEpochs(count, { epoch: state.epoch, position: state.position, order: state.order });
  }

  get state(): ShuffledEpochsState {
    return this.#state;
  }

  next(): number {
    if (this.#state.position === this.#count) {
      this.#state = { epoch: this.#state.epoch + 1, position: 0, order: this.#random.state };
      this.#shuffle();
    }
    const { position } = this.#state;
    this.#state = { ...this.#state, position: position + 1 };
    return this.#order[position];
  }

  #shuffle(): void {
    this.#order = shuffle(
      Array.from({ length: this.#count }, (_, k) => k),
      this.#random,
    );
  }
}
