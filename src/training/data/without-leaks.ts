import type { TrainingConfig } from '../configuration/training-config.ts';

/** Held-out pictures of which no copy is trained on, and those that had one. */
export interface LeakProofHeldOut {
  readonly heldOut: readonly number[];
  /** Pictures that are trained on instead. */
  readonly moved: readonly number[];
}

/**
 * Moves held-out pictures that look the same as a trained one, or nearly so, to those that are trained on: alone where single
 * pictures are held out, with their whole class where classes are, for a class is on one side. Moving a class may make copies
 * in others trained on, which are moved, too. Where nothing looks alike, nothing is moved.
 *
 * @param places all pictures, held out or not.
 * @param held those that are held out.
 * @param groups a number for each place that those share which look the same or nearly so; see `contentGroups`.
 */
export function withoutLeaks(
  places: readonly number[],
  held: readonly number[],
  labels: ArrayLike<number>,
  groups: ReadonlyMap<number, number>,
  by: TrainingConfig['heldOut']['by'],
): LeakProofHeldOut {
  let heldOut = held;
  for (;;) {
    const kept = new Set(heldOut);
    const trained = new Set(places.filter((place) => !kept.has(place)).map((place) => groups.get(place)));
    const leaked = heldOut.filter((place) => trained.has(groups.get(place)));
    if (leaked.length === 0) break;
    const classes = new Set(leaked.map((place) => labels[place]));
    const images = new Set(leaked);
    heldOut = heldOut.filter((place) => (by === 'class' ? !classes.has(labels[place]) : !images.has(place)));
  }
  const kept = new Set(heldOut);
  return { heldOut, moved: held.filter((place) => !kept.has(place)) };
}
