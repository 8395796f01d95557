import type { RandomSource } from '../../foundation/random/random-source.ts';
import { shuffle } from '../../foundation/random/shuffle.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';

/**
 * Some of the places, class by class in random order, so that the first so many of them have as few classes with gaps as
 * possible. A class gives at most `mostOfClass`, chosen at random; places of no class (label -1) are left out.
 */
export function wholeClasses(
  places: readonly ImagePlace[],
  labels: ArrayLike<number>,
  { mostImages, mostOfClass }: { readonly mostImages: number; readonly mostOfClass: number },
  random: RandomSource,
): ImagePlace[] {
  const classes = new Map<number, ImagePlace[]>();
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
