import { InternalError } from '../../../foundation/errors/internal-error.ts';
/** A record in a reservoir. */
export interface ReservoirEntry {
  readonly id: number;
  /** Total relevance `r`, above 0. */
  weight: number;
  /** `log(u) / r`, `u` uniform in (0, 1]: at most 0, the heavier the closer to it. */
  key: number;
  /** The pass through the stream in which the key was drawn. */
  pass: number;
  /** Times in a row that it was a query and no triplet came of it. */
  failures: number;
}

interface Placed extends ReservoirEntry {
  place: number;
}

/**
 * Weighted sampling of a stream without replacement, in bounded memory: of all records of a pass the `capacity` with the
 * largest keys are held. `log(u) / r` orders records as the paper's `u ** (1 / r)` does, which underflows to 0 for small
 * `r`. Which records are held has the law of drawing `capacity` of them one after the other, each with probability
 * proportional to `r` among those not yet drawn.
 *
 * Corner cases: a record of weight 0 never enters. Keys of an earlier pass count less than all keys of a later one, so that
 * a second pass gives a fresh reservoir and the buffer stays full meanwhile. A record that is held already gets its new key
 * and weight; there are never two of it.
 *
 * Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006, algorithm A-Res; Wang et al. 2014,
 * section 5.1.
 */
export class WeightedReservoir {
  readonly capacity: number;
  /** A binary heap: the smallest key is first. */
  readonly #heap: Placed[] = [];
  readonly #held = new Map<number, Placed>();

  /** @throws if the capacity is not a whole number of at least 1. */
  constructor(capacity: number) {
    if (!(Number.isInteger(capacity) && capacity >= 1)) {
      throw new InternalError(`a reservoir holds a whole number of records, at least 1, got ${capacity}`);
    }
    this.capacity = capacity;
  }

  /** A reservoir with these entries in this order, as `entries` gave them. */
  static from(capacity: number, entries: readonly ReservoirEntry[]): WeightedReservoir {
    const reservoir = new WeightedReservoir(capacity);
    for (const entry of entries) {
      const placed = { ...entry, place: reservoir.#heap.length };
      reservoir.#heap.push(placed);
      reservoir.#held.set(entry.id, placed);
    }
    return reservoir;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** What is held, in an order that depends on nothing but what was offered and drawn. */
  get entries(): readonly ReservoirEntry[] {
    return this.#heap;
  }

  has(id: number): boolean {
    return this.#held.has(id);
  }

  /**
   * Offers a record of the stream.
   *
   * @param weight its total relevance: 0 or more, finite.
   * @param u uniform in (0, 1].
   * @returns what is not held afterwards: the record that had to leave, the offered one if it does not enter, or undefined.
   * @throws if the weight is negative, infinite or not a number.
   */
  offer(id: number, weight: number, u: number, pass: number): number | undefined {
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new InternalError(`the total relevance of record ${id} is ${weight}: it has to be a number of at least 0`);
    }
    const known = this.#held.get(id);
    if (weight === 0) {
      if (known !== undefined) this.remove(id);
      return id;
    }
    // Where the quotient is beyond all numbers, the smallest stands for it, so that the state can be written as JSON.
    const key = Math.max(Math.log(u) / weight, -Number.MAX_VALUE);
    if (known !== undefined) {
      known.weight = weight;
      known.key = key;
      known.pass = pass;
      this.#settle(known);
      return undefined;
    }
    if (this.#heap.length < this.capacity) {
      this.#insert({ id, weight, key, pass, failures: 0, place: this.#heap.length });
      return undefined;
    }
    const smallest = this.#heap[0];
    if (smallest.pass > pass || (smallest.pass === pass && smallest.key >= key)) return id;
    this.#held.delete(smallest.id);
    const entry = { id, weight, key, pass, failures: 0, place: 0 };
    this.#heap[0] = entry;
    this.#held.set(id, entry);
    this.#settle(entry);
    return smallest.id;
  }

  /** Takes a record out; nothing happens if it is not held. */
  remove(id: number): void {
    const entry = this.#held.get(id);
    if (entry === undefined) return;
    this.#held.delete(id);
    const last = this.#heap.pop()!;
    if (last === entry) return;
    last.place = entry.place;
    this.#heap[last.place] = last;
    this.#settle(last);
  }

  #insert(entry: Placed): void {
    this.#heap.push(entry);
    this.#held.set(entry.id, entry);
    this.#settle(entry);
  }

  /** Moves an entry up or down to where its key belongs. */
  #settle(entry: Placed): void {
    const heap = this.#heap;
    let { place } = entry;
    while (place > 0) {
      const parent = heap[(place - 1) >> 1];
      if (!isBefore(entry, parent)) break;
      const above = parent.place;
      heap[place] = parent;
      parent.place = place;
      place = above;
    }
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], entry)) break;
      heap[place] = heap[child];
      heap[place].place = place;
      place = child;
    }
    heap[place] = entry;
    entry.place = place;
  }
}

function isBefore(a: ReservoirEntry, b: ReservoirEntry): boolean {
  return a.pass < b.pass || (a.pass === b.pass && a.key < b.key);
}
