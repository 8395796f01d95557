import type { RandomSource } from '../../foundation/random/random-source.ts';
import { sampleWithoutReplacement, shuffle } from '../../foundation/random/shuffle.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';

/** Fewest classes, and fewest pictures of each, that neighbours can be judged on. */
const fewest = 2;

/**
 * Chooses the pictures to keep from training so that they can be judged among themselves: at least two classes, at least two
 * pictures of each, and no picture whose twin is trained on.
 *
 * By `class`: a share of the classes with two different pictures or more, drawn at random and held out whole. By `image`:
 * classes in random order give a share of their pictures, but at least two, until the share of all pictures is reached; a
 * class keeps at least two.
 *
 * Corner cases: nothing is held out where the share is 0, or comes to fewer than two classes of two pictures.
 *
 * @param places the pictures to choose from.
 * @param labels the class of each place.
 * @param twins a name for the pixels of each place: two places with the same name look the same.
 */
export function chooseHeldOut(
  places: readonly number[],
  labels: ArrayLike<number>,
  twins: ReadonlyMap<number, string>,
  { share, by }: TrainingConfig['heldOut'],
  random: RandomSource,
): number[] {
  if (share === 0) return [];
  const classes = new Map<number, number[]>();
  for (const place of places) {
    const own = classes.get(labels[place]);
    if (own === undefined) classes.set(labels[place], [place]);
    else own.push(place);
  }
  const choose = by === 'class' ? wholeClasses : someOfEach;
  const chosen = choose([...classes.values()], twins, share, random);
  return chosen.length < fewest ? [] : chosen.flat();
}

type Classes = readonly (readonly number[])[];

function wholeClasses(
  classes: Classes,
  twins: ReadonlyMap<number, string>,
  share: number,
  random: RandomSource,
): Classes {
  const eligible = classes.filter((own) => new Set(own.map((place) => twins.get(place))).size >= fewest);
  const count = Math.min(Math.max(fewest, Math.round(share * eligible.length)), eligible.length - fewest);
  return count < fewest ? [] : sampleWithoutReplacement(eligible, count, random);
}

function someOfEach(
  classes: Classes,
  twins: ReadonlyMap<number, string>,
  share: number,
  random: RandomSource,
): Classes {
  const all = classes.flat();
  const looks = new Map<string, number>();
  for (const place of all) looks.set(twins.get(place)!, (looks.get(twins.get(place)!) ?? 0) + 1);
  const wanted = Math.round(share * all.length);
  if (wanted < fewest * fewest) return [];
  const chosen: number[][] = [];
  let held = 0;
  for (const own of shuffle([...classes], random)) {
    if (held >= wanted && chosen.length >= fewest) break;
    const eligible = own.filter((place) => looks.get(twins.get(place)!) === 1);
    const count = Math.min(Math.max(fewest, Math.round(share * own.length)), own.length - fewest, eligible.length);
    if (count < fewest) continue;
    chosen.push(sampleWithoutReplacement(eligible, count, random));
    held += count;
  }
  return chosen;
}
