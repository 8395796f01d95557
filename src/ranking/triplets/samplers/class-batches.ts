import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { RandomSource, type RandomState } from '../../../foundation/random/random-source.ts';
import { shuffle } from '../../../foundation/random/shuffle.ts';
import type { ImagesByClass } from '../images-by-class.ts';

/** How many images a batch has, P classes by K images. */
export interface ClassBatchOptions {
  /** Images in a batch, P x K. */
  readonly batch: number;
  /** K: images of a class in a batch, where it has that many different ones. At least 2. */
  readonly imagesPerClass: number;
  /**
   * Whether every batch has images of all classes. With it the two numbers above are taken as they are: the numbers that
   * an earlier source arrived at (`rows`, `imagesPerClass`, `everyClass`) make the same batches again. Default: decided
   * by the number of classes, and the numbers are fitted to the images.
   */
  readonly everyClass?: boolean | undefined;
}

/** Where a `ClassBatches` stands, as plain JSON. */
export type ClassBatchesState = {
  /** Classes still to be dealt in this pass. */
  readonly deck: readonly number[];
  readonly random: RandomState;
};

/**
 * Batches for mining inside the batch: P classes by K images, class after class.
 *
 * Classes are dealt from a shuffled deck, each once a pass, never twice in one batch. Where there are few classes, at
 * most 2 P, a batch has all of them with `floor(batch / classes)` images each instead (unless that leaves fewer than
 * two). Images of a class are drawn without replacement, every choice equally likely.
 *
 * Corner cases: a class with fewer than K different images gives those it has, and further classes are dealt until the
 * batch is full (the last one may give fewer than K), so all batches have `rows` images; a class of one image takes part
 * as a negative only; images with identical bytes never stand for their class together.
 *
 * Source: P x K batches of Hermans, Beyer and Leibe 2017, section 2; the deck is ours.
 */
export class ClassBatches {
  /** Images in every batch: P K, or what all classes together can give if that is less. */
  readonly rows: number;
  /** The most images a class has in a batch: K, or the larger share of each where a batch has every class. */
  readonly imagesPerClass: number;
  /** True if every batch has images of all classes. */
  readonly everyClass: boolean;
  readonly #images: ImagesByClass;
  readonly #random: RandomSource;
  /** The next class is the first. Undefined if a batch has every class. */
  readonly #deck: number[] | undefined;

  private constructor(images: ImagesByClass, options: ClassBatchOptions, random: RandomSource, deck: number[]) {
    const { batch, imagesPerClass } = options;
    const fitted = options.everyClass === undefined;
    const classesPerBatch = Math.floor(batch / imagesPerClass);
    const whole = Number.isInteger(imagesPerClass) && Number.isInteger(batch);
    if (!whole || imagesPerClass < 2 || batch <= imagesPerClass || (fitted && classesPerBatch < 2)) {
      throw new TrainingError(
        `class batches: ${batch} images with ${imagesPerClass} a class: a batch needs at least two classes and at least ` +
          'two images of each, for a query needs a positive and a negative',
      );
    }
    images.requireTriplets('class batches');
    const different = Array.from({ length: images.classCount }, (_, number) => countDifferent(images, number));
    const share = Math.floor(batch / images.classCount);
    this.#images = images;
    this.#random = random;
    this.everyClass = options.everyClass ?? (images.classCount <= 2 * classesPerBatch && share >= 2);
    this.imagesPerClass = fitted && this.everyClass ? Math.min(share, Math.max(...different)) : imagesPerClass;
    this.#deck = this.everyClass ? undefined : deck;
    const available = different.reduce((sum, count) => sum + Math.min(this.imagesPerClass, count), 0);
    const wanted = this.everyClass ? this.imagesPerClass * images.classCount : classesPerBatch * imagesPerClass;
    this.rows = Math.min(fitted ? wanted : batch, available);
  }

  /** @throws if a batch could hold no triplet: see `ClassBatchOptions`, and `ImagesByClass.requireTriplets`. */
  static fromSeed(images: ImagesByClass, options: ClassBatchOptions, seed: number): ClassBatches {
    return new ClassBatches(images, options, RandomSource.fromSeed(seed, 'class batches'), []);
  }

  /** The source that `state` was taken from, at that place. `images` and `options` must be those it was made of. */
  static fromState(images: ImagesByClass, options: ClassBatchOptions, state: ClassBatchesState): ClassBatches {
    const unknown = state.deck.find((number) => !(number >= 0 && number < images.classCount));
    if (unknown !== undefined) {
      throw new TrainingError(
        `class batches: the saved deck has class ${unknown}, but there are ${images.classCount} classes: the data has ` +
          'changed; start a new run, or bring back the data that this one was started with',
      );
    }
    return new ClassBatches(images, options, RandomSource.fromState(state.random), [...state.deck]);
  }

  get state(): ClassBatchesState {
    return { deck: [...(this.#deck ?? [])], random: this.#random.state };
  }

  /** The images of the next batch, those of a class side by side. */
  next(): number[] {
    const batch: number[] = [];
    const dealt = new Set<number>();
    while (batch.length < this.rows) {
      const number = this.#deck === undefined ? dealt.size : this.#deal(this.#deck, dealt);
      dealt.add(number);
      batch.push(...this.#choose(number, Math.min(this.imagesPerClass, this.rows - batch.length)));
    }
    return batch;
  }

  /** Takes the first class of the deck that this batch does not have yet; if there is none, a new pass goes under it. */
  #deal(deck: number[], dealt: ReadonlySet<number>): number {
    let place = deck.findIndex((number) => !dealt.has(number));
    if (place < 0) {
      const pass = Array.from({ length: this.#images.classCount }, (_, number) => number);
      deck.push(...shuffle(pass, this.#random));
      place = deck.findIndex((number) => !dealt.has(number));
    }
    return deck.splice(place, 1)[0];
  }

  /** Up to `count` images of a class, no two of them identical. */
  #choose(classNumber: number, count: number): number[] {
    const pool = [...this.#images.imagesOf(classNumber)];
    const chosen: number[] = [];
    for (let place = 0; place < pool.length && chosen.length < count; place++) {
      const drawn = place + this.#random.integer(pool.length - place);
      const image = pool[drawn];
      pool[drawn] = pool[place];
      pool[place] = image;
      if (!chosen.some((other) => this.#images.identical(image, other))) chosen.push(image);
    }
    return chosen;
  }
}

/** How many images of a class differ; identical ones are neighbours. */
function countDifferent(images: ImagesByClass, classNumber: number): number {
  const members = images.imagesOf(classNumber);
  return members.reduce(
    (count, image, place) => (place > 0 && images.identical(image, members[place - 1]) ? count : count + 1),
    0,
  );
}
