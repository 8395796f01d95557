import type { RandomSource } from '../../foundation/random/random-source.ts';
import { shuffle } from '../../foundation/random/shuffle.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';

/**
 * The pictures that a start is chosen by: of pictures that look the same one a class, so that no copy is found by its copy, and
 * where they are more than `most`, whole classes in random order until that is reached.
 *
 * @param places the pictures trained on.
 * @param labels the class of each place.
 * @param twins a name for the pixels of each place.
 */
export function rowsToChooseBy(
  places: readonly ImagePlace[],
  labels: ArrayLike<number>,
  twins: ReadonlyMap<ImagePlace, string>,
  most: number,
  random: RandomSource,
): ImagePlace[] {
  const seen = new Set<string>();
  const classes = new Map<number, ImagePlace[]>();
  for (const place of places) {
    const look = `${labels[place]} ${twins.get(place)}`;
    if (seen.has(look)) continue;
    seen.add(look);
    const own = classes.get(labels[place]);
    if (own === undefined) classes.set(labels[place], [place]);
    else own.push(place);
  }
  const chosen: ImagePlace[] = [];
  for (const own of shuffle([...classes.values()], random)) {
    if (chosen.length > 0 && chosen.length + own.length > most) continue;
    chosen.push(...own);
  }
  return chosen.sort((a, b) => a - b);
}
