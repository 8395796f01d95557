/**
 * Memory of values of a program. In the `arena` it lies where the plan puts it; an `input` is whatever a run is fed with, an
 * `output` what a run gives back or the held tensor that it writes; a `constant` is filled once.
 */
export interface Storage {
  readonly place: 'arena' | 'constant' | 'input' | 'output';
  /** The input's or output's name in the program. */
  readonly name?: string;
  /** The output's shape in the graph: a primitive may see it with more axes. */
  readonly shape?: readonly number[];
  readonly bytes: number;
  /** How many layouts describe it: what only one does may be written over. */
  sharers: number;
}

/** First and last step that touch a storage. */
export interface Lifetime {
  readonly storage: Storage;
  first: number;
  last: number;
}

/** Lifetimes of storages over steps, in the order of their first touch. */
export function lifetimes(steps: readonly (readonly Storage[])[]): Lifetime[] {
  const known = new Map<Storage, Lifetime>();
  for (const [step, touched] of steps.entries()) {
    for (const storage of touched) {
      const life = known.get(storage);
      if (life === undefined) known.set(storage, { storage, first: step, last: step });
      else life.last = step;
    }
  }
  return [...known.values()];
}
