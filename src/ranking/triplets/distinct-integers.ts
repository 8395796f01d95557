import { InternalError } from '../../foundation/errors/internal-error.ts';
import type { RandomSource } from '../../foundation/random/random-source.ts';

/**
 * Draws different integers, again and again, in a time that does not depend on how many there are to choose from.
 *
 * Source: Floyd's algorithm, in Bentley, "Programming pearls: a sample of brilliance", CACM 1987. What a draw has chosen
 * is marked with the number of the draw, so that there is nothing to clear between draws.
 */
export class DistinctIntegers {
  readonly #marks: Uint32Array;
  #draw = 0;

  /** @param most the largest `below` that will be asked for; it takes four bytes for each. */
  constructor(most: number) {
    this.#marks = new Uint32Array(most);
  }

  /**
   * Writes `count` different integers from 0 to `below` - 1 to the front of `chosen`, every set equally likely, in no
   * particular order; all of them if `below` is less than `count`.
   *
   * @returns how many were written: the smaller of `count` and `below`.
   * @throws if `below` is more than was announced, or `chosen` is too short.
   */
  draw(count: number, below: number, random: RandomSource, chosen: Uint32Array): number {
    const marks = this.#marks;
    const size = Math.min(count, below);
    if (below > marks.length || size > chosen.length) {
      throw new InternalError(
        `distinct integers: ${size} of ${below} do not fit: there is room for ${chosen.length} of ${marks.length}`,
      );
    }
    if (this.#draw === 0xffffffff) {
      marks.fill(0);
      this.#draw = 0;
    }
    const draw = ++this.#draw;
    for (let k = 0, last = below - size; k < size; k++, last++) {
      const drawn = random.integer(last + 1);
      const value = marks[drawn] === draw ? last : drawn;
      marks[value] = draw;
      chosen[k] = value;
    }
    return size;
  }
}
