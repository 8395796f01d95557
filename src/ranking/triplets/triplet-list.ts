import { InternalError } from '../../foundation/errors/internal-error.ts';
import type { Triplet } from './triplet.ts';

/** Many triplets at twelve bytes each. */
export class TripletList implements Iterable<Triplet> {
  /** Query, positive and negative of each triplet in turn; the end may be unused. */
  #numbers = new Uint32Array(3 * 1024);
  #length = 0;

  static from(triplets: Iterable<Triplet>): TripletList {
    const list = new TripletList();
    for (const triplet of triplets) list.push(triplet);
    return list;
  }

  get length(): number {
    return this.#length;
  }

  push({ query, positive, negative }: Triplet): void {
    const at = 3 * this.#length++;
    if (at === this.#numbers.length) {
      const larger = new Uint32Array(2 * at);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[at] = query;
    this.#numbers[at + 1] = positive;
    this.#numbers[at + 2] = negative;
  }

  /** The triplet at a place, counted from 0. @throws if there is none. */
  at(place: number): Triplet {
    if (!(place >= 0 && place < this.#length)) {
      throw new InternalError(`there is no triplet at place ${place}: the list has ${this.#length}, counted from 0`);
    }
    const at = 3 * place;
    return { query: this.#numbers[at], positive: this.#numbers[at + 1], negative: this.#numbers[at + 2] };
  }

  *[Symbol.iterator](): Generator<Triplet, void, undefined> {
    for (let place = 0; place < this.#length; place++) yield this.at(place);
  }
}
