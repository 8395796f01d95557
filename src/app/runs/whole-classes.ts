import type { RandomSource } from '../../foundation/random/random-source.ts';
import { shuffle } from '../../foundation/random/shuffle.ts';

/**
 * Some of the places, class by class in random order, so that the first so many of them have as few classes with gaps as
 * possible. A class gives at most `mostOfClass`, chosen at random; places of no class (label -1) are left out.
 */
export function wholeClasses(
  places: readonly number[],
  labels: ArrayLike<number>,
  { mostImages, mostOfClass }: { readonly mostImages: number; readonly mostOfClass: number },
  random: RandomSource,
): number[] {
  const classes = new Map<number, number[]>();
  for (const place of places) {
    const own = classes.get(labels[place]);
    if (labels[place] < 0) continue;
    if (own === undefined) classes.set(labels[place], [place]);
    else own.push(place);
  }
  return shuffle([...classes.values()], random)
    .flatMap((own) => shuffle([...own], random).slice(0, mostOfClass))
    .slice(0, mostImages);
}
