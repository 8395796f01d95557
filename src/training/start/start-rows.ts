import type { RandomSource } from '../../foundation/random/random-source.ts';
import { sampleWithoutReplacement, shuffle } from '../../foundation/random/shuffle.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';

/** Classes that have room among the pictures that are chosen by, where there are so many. */
const roomForClasses = 30;

/**
 * The pictures that a start is chosen by: of pictures that look the same one a class, so that no copy is found by its copy.
 *
 * Where they are more than `most`, classes in random order until that is reached, and first those of which a picture can be found
 * by another. A class has at most its part of 30, or of the classes where they are fewer, by random pictures; else one that has
 * thousands would be all that is looked at.
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
  const classes = shuffle(differentByClass(places, labels, twins), random);
  const all = classes.flat();
  if (all.length <= most) return all.sort((a, b) => a - b);
  const findable = classes.filter(canBeFound).length;
  const room = Math.max(2, Math.floor(most / Math.max(1, Math.min(roomForClasses, findable))));
  const parts = classes.map((own) => sampleOf(own, room, random));
  const chosen: ImagePlace[] = [];
  for (const own of [...parts.filter(canBeFound), ...parts.filter((part) => !canBeFound(part))]) {
    if (chosen.length + own.length <= most) chosen.push(...own);
  }
  return chosen.sort((a, b) => a - b);
}

const canBeFound = (own: readonly ImagePlace[]): boolean => own.length > 1;

function sampleOf(own: readonly ImagePlace[], room: number, random: RandomSource): readonly ImagePlace[] {
  return own.length <= room ? own : sampleWithoutReplacement(own, room, random);
}

/** The places of each class, of those that look the same the first. */
function differentByClass(
  places: readonly ImagePlace[],
  labels: ArrayLike<number>,
  twins: ReadonlyMap<ImagePlace, string>,
): ImagePlace[][] {
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
  return [...classes.values()];
}
