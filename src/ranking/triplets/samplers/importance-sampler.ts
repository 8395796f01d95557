import { InternalError } from '../../../foundation/errors/internal-error.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import type { PairRelevance } from '../../relevance/relevance.ts';
import type { Triplet } from '../triplet.ts';
import { checkedImportanceOptions, type ImportanceNumbers, type ImportanceOptions } from './importance-options.ts';
import { type CategoryBuffer, type ImportanceSamplerState, savedBuffers } from './importance-state.ts';
import { type ReservoirEntry, WeightedReservoir } from './weighted-reservoir.ts';

/**
 * Online importance sampling of triplets: a stream of records in, triplets out, and nothing held but one bounded buffer a
 * category. Records are known by their ids; `relevance` is asked only of ids that are held, or being offered.
 *
 * A buffer is a `WeightedReservoir` by total relevance `r`. A triplet is drawn in these steps:
 * 1. out of class with probability `outOfClass`, else in class;
 * 2. a category, with probability proportional to the running sum of `r` of all its records so far, among those with enough
 *    records in their buffer (two; three for in class) and, for out of class, any record in another buffer;
 * 3. the query `i`, uniformly from the category's buffer;
 * 4. the positive from the same buffer, any other record `k` with probability proportional to
 *    `w[k] = min(1, min(limit, r[i,k]) / r[k])`: what candidates drawn uniformly and accepted with probability `w[k]`, until
 *    one is, come to;
 * 5. the negative: out of class uniformly from all other buffers; in class like the positive, but only among those with
 *    `r[i,positive] - r[i,k] >= margin`.
 *
 * Where all `w` in step 4 or 5 are 0, the query has failed, and step 2 is next. A query that failed `maxFailures` times in a
 * row leaves its buffer, whose place is free for the stream; a triplet sets its count back.
 *
 * Corner cases: a record without a total gets `capacity` times its mean relevance to its category's buffer: an estimate; the
 * first of a category waits until one comes that it is relevant to, and goes when another one comes. Records of total 0 never
 * enter.
 *
 * Source: Wang et al. 2014, section 5.1. The paper leaves open how the category is drawn, keys of small `r`, records whose
 * total is not known and what happens after a failure; these are ours.
 */
export class ImportanceSampler {
  readonly #relevance: PairRelevance;
  readonly #options: ImportanceNumbers;
  readonly #onLeave: (id: number) => void;
  readonly #random: RandomSource;
  readonly #buffers: CategoryBuffer[] = [];
  readonly #byCategory = new Map<number, CategoryBuffer>();
  #pass = 0;
  #held = 0;
  /** Of the present query to each record of its buffer: relevance, and chance to be accepted. */
  readonly #relevances: Float64Array;
  readonly #acceptance: Float64Array;

  private constructor(
    relevance: PairRelevance,
    options: ImportanceOptions,
    random: RandomSource,
    onLeave: (id: number) => void,
  ) {
    this.#relevance = relevance;
    this.#options = checkedImportanceOptions(options);
    this.#onLeave = onLeave;
    this.#random = random;
    this.#relevances = new Float64Array(this.#options.capacity);
    this.#acceptance = new Float64Array(this.#options.capacity);
  }

  /**
   * @param onLeave is told the id of every record that the sampler will not ask about again: who keeps what relevance is
   * computed from may let it go.
   * @throws if an option is out of its bounds.
   */
  static fromSeed(
    relevance: PairRelevance,
    options: ImportanceOptions,
    seed: number,
    onLeave: (id: number) => void = () => undefined,
  ): ImportanceSampler {
    return new ImportanceSampler(relevance, options, RandomSource.fromSeed(seed, 'importance sampler'), onLeave);
  }

  /**
   * The sampler that `state` was taken from, at that place. `relevance` and `options` must be those it was made of.
   *
   * @throws if the state does not fit together or has more records in a buffer than its capacity.
   */
  static fromState(
    relevance: PairRelevance,
    options: ImportanceOptions,
    state: ImportanceSamplerState,
    onLeave: (id: number) => void = () => undefined,
  ): ImportanceSampler {
    const sampler = new ImportanceSampler(relevance, options, RandomSource.fromState(state.random), onLeave);
    sampler.#pass = state.pass;
    for (const buffer of savedBuffers(state, options.capacity)) {
      sampler.#add(buffer);
      sampler.#held += buffer.reservoir.size;
    }
    return sampler;
  }

  get state(): ImportanceSamplerState {
    const entries = this.#buffers.flatMap(({ reservoir }) => reservoir.entries);
    return {
      random: this.#random.state,
      pass: this.#pass,
      categories: this.#buffers.map(({ category }) => category),
      sums: this.#buffers.map(({ sum }) => sum),
      waiting: this.#buffers.map(({ waiting }) => waiting),
      sizes: this.#buffers.map(({ reservoir }) => reservoir.size),
      ids: entries.map(({ id }) => id),
      weights: entries.map(({ weight }) => weight),
      keys: entries.map(({ key }) => key),
      passes: entries.map(({ pass }) => pass),
      failures: entries.map(({ failures }) => failures),
    };
  }

  /** Records in all buffers together. */
  get held(): number {
    return this.#held;
  }

  /** Categories met so far. */
  get categoryCount(): number {
    return this.#buffers.length;
  }

  /** The stream starts again: what is offered from now on replaces what is held from before. */
  startPass(): void {
    this.#pass++;
  }

  /**
   * The next record of the stream.
   *
   * @param id a whole number of at least 0, the same wherever this record is offered.
   * @param total its total relevance `r`; undefined where it is not known and has to be estimated.
   * @throws if a total or an estimate is negative, infinite or not a number.
   */
  offer(id: number, category: number, total?: number): void {
    const buffer =
      this.#byCategory.get(category) ??
      this.#add({ category, reservoir: new WeightedReservoir(this.#options.capacity), sum: 0, waiting: -1 });
    const r = total ?? this.#estimate(buffer, id);
    if (r === undefined) return;
    const { waiting } = buffer;
    if (waiting >= 0) {
      buffer.waiting = -1;
      if (waiting !== id) this.#onLeave(waiting);
    }
    this.#put(buffer, id, r);
  }

  /** A triplet of ids, or undefined if what is held makes none. */
  next(): Triplet | undefined {
    return this.draw(this.#random.uniform() < this.#options.outOfClass);
  }

  /** The same with the choice of step 1 made: true for a negative of another category. */
  draw(outOfClass: boolean): Triplet | undefined {
    for (;;) {
      const buffer = this.#chooseBuffer(outOfClass);
      if (buffer === undefined) return undefined;
      const { entries } = buffer.reservoir;
      const query = entries[this.#random.integer(entries.length)];
      const positive = this.#choosePositive(entries, query);
      const negative =
        positive < 0 ? undefined : outOfClass ? this.#outside(buffer) : this.#inside(entries, positive, query);
      if (negative !== undefined) {
        query.failures = 0;
        return { query: query.id, positive: entries[positive].id, negative };
      }
      query.failures++;
      if (query.failures < this.#options.maxFailures) continue;
      buffer.reservoir.remove(query.id);
      this.#held--;
      this.#onLeave(query.id);
    }
  }

  #add(buffer: CategoryBuffer): CategoryBuffer {
    this.#buffers.push(buffer);
    this.#byCategory.set(buffer.category, buffer);
    return buffer;
  }

  #put(buffer: CategoryBuffer, id: number, r: number): void {
    const { reservoir } = buffer;
    const before = reservoir.size;
    const left = reservoir.offer(id, r, 1 - this.#random.uniform(), this.#pass);
    buffer.sum += r;
    this.#held += reservoir.size - before;
    if (left !== undefined) this.#onLeave(left);
  }

  /** The total of a record that carries none; undefined if it waits, or waits no longer and both have been put. */
  #estimate(buffer: CategoryBuffer, id: number): number | undefined {
    const { capacity } = this.#options;
    let sum = 0;
    let others = 0;
    let before: number | undefined;
    for (const entry of buffer.reservoir.entries) {
      if (entry.id === id) {
        before = entry.weight;
      } else {
        sum += this.#relevance(entry.id, id);
        others++;
      }
    }
    if (others > 0) return (capacity * sum) / others;
    if (before !== undefined) return before;
    const { waiting } = buffer;
    if (waiting === id) return undefined;
    const r = waiting < 0 ? 0 : capacity * this.#relevance(waiting, id);
    if (r > 0) {
      buffer.waiting = -1;
      this.#put(buffer, waiting, r);
      return r;
    }
    buffer.waiting = id;
    if (waiting >= 0) this.#onLeave(waiting);
    return undefined;
  }

  #chooseBuffer(outOfClass: boolean): CategoryBuffer | undefined {
    let total = 0;
    for (const buffer of this.#buffers) if (this.#canGive(buffer, outOfClass)) total += buffer.sum;
    let left = this.#random.uniform() * total;
    let last: CategoryBuffer | undefined;
    for (const buffer of this.#buffers) {
      if (!this.#canGive(buffer, outOfClass)) continue;
      last = buffer;
      left -= buffer.sum;
      if (left < 0) break;
    }
    return last;
  }

  #canGive({ reservoir: { size } }: CategoryBuffer, outOfClass: boolean): boolean {
    return outOfClass ? size >= 2 && this.#held > size : size >= 3;
  }

  /** The place of a positive, -1 if there is none; relevances and chances of all records are at hand afterwards. */
  #choosePositive(entries: readonly ReservoirEntry[], query: ReservoirEntry): number {
    const { limit } = this.#options;
    let total = 0;
    for (let place = 0; place < entries.length; place++) {
      const candidate = entries[place];
      const r = candidate === query ? 0 : this.#relevance(query.id, candidate.id);
      const accepted = Math.min(1, Math.min(limit, r) / candidate.weight);
      this.#relevances[place] = r;
      this.#acceptance[place] = accepted;
      total += accepted;
    }
    return this.#choose(entries.length, total);
  }

  #inside(entries: readonly ReservoirEntry[], positive: number, query: ReservoirEntry): number | undefined {
    const { margin } = this.#options;
    let total = 0;
    for (let place = 0; place < entries.length; place++) {
      const lessRelevant = this.#relevances[positive] - this.#relevances[place] >= margin;
      if (place === positive || entries[place] === query || !lessRelevant) this.#acceptance[place] = 0;
      total += this.#acceptance[place];
    }
    const chosen = this.#choose(entries.length, total);
    return chosen < 0 ? undefined : entries[chosen].id;
  }

  /** A place with probability proportional to its chance of acceptance. */
  #choose(count: number, total: number): number {
    if (!(total > 0)) return -1;
    let left = this.#random.uniform() * total;
    let last = -1;
    for (let place = 0; place < count; place++) {
      if (this.#acceptance[place] === 0) continue;
      last = place;
      left -= this.#acceptance[place];
      if (left < 0) break;
    }
    return last;
  }

  #outside(own: CategoryBuffer): number {
    let place = this.#random.integer(this.#held - own.reservoir.size);
    for (const buffer of this.#buffers) {
      if (buffer === own) continue;
      if (place < buffer.reservoir.size) return buffer.reservoir.entries[place].id;
      place -= buffer.reservoir.size;
    }
    throw new InternalError('importance sampling: the count of records in the buffers is wrong');
  }
}
