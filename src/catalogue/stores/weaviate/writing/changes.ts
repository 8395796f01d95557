import type { WrittenObject } from '../objects.ts';

/** An object that is written or removed. */
export interface Change {
  readonly collection: string;
  /** A UUID. */
  readonly id: string;
  /** Later changes of an object have higher ones. */
  readonly revision: number;
  /** Undefined where the object is removed. */
  readonly object: WrittenObject | undefined;
  /** What an image that is removed is filtered by; see `valueKey`. */
  readonly key?: string;
}

/** The numbers of changes: ever higher, whichever process writes. */
export class Revisions {
  #last = 0;

  /** Begins above a number. */
  raise(last: number): void {
    this.#last = Math.max(this.#last, last);
  }

  next(): number {
    this.#last = Math.max(this.#last + 1, Date.now() * 1000);
    return this.#last;
  }
}
