import type { RandomSource } from './random-source.ts';

/** Puts `items` in random order in place, every order equally likely (Fisher and Yates), and returns it. */
export function shuffle<T>(items: T[], random: RandomSource): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    const item = items[last];
    items[last] = items[chosen];
    items[chosen] = item;
  }
  return items;
}

/** `count` different items of `items` in random order, every choice equally likely; all of them if there are fewer. */
export function sampleWithoutReplacement<T>(items: readonly T[], count: number, random: RandomSource): T[] {
  const pool = [...items];
  const taken = Math.min(count, pool.length);
  for (let place = 0; place < taken; place++) {
    const chosen = place + random.integer(pool.length - place);
    const item = pool[place];
    pool[place] = pool[chosen];
    pool[chosen] = item;
  }
  return pool.slice(0, taken);
}
