import type { RandomSource } from '../random/random-source.ts';

/**
 * `count` different integers from 0 to `below` - 1, every set equally likely, in no particular order; all of them if
 * `below` is less than `count`. Takes `count` draws and no memory for the rest, however large `below` is.
 *
 * Source: Floyd's algorithm, in Bentley, "Programming pearls: a sample of brilliance", CACM 1987.
 */
export function distinctIntegers(count: number, below: number, random: RandomSource): Set<number> {
  const chosen = new Set<number>();
  for (let last = Math.max(0, below - count); last < below; last++) {
    const drawn = random.integer(last + 1);
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return chosen;
}
