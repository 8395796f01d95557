import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { joinedGroups } from './joined-groups.ts';
import { type ClassSplit, splitByClassHash } from './split.ts';

/** A split of classes in two halves with no picture, or nearly the same one, on both sides. */
export interface LeakProofSplit extends ClassSplit {
  /** Classes that are on the other side than `splitByClassHash` puts them, and how many images they have. */
  readonly moved: readonly string[];
  readonly movedImages: number;
  /** Content groups that the plain split would have had on both sides. */
  readonly leakingGroups: number;
}

/**
 * `splitByClassHash` without leaks: classes that share a content group, directly or over other classes, go to one side
 * whole. Of such a set of classes those on the side with fewer of them are moved; with as many on both, those in the test
 * half. Without shared groups it is `splitByClassHash` to the letter, and a few shared ones move a few classes: the halves
 * stay about as large as they were. A set that chains most classes together makes them unequal; the counts show it.
 *
 * @param labels the class of each image, an index into `classes`; undefined for none.
 * @param groups a number for each image that those share which look the same or nearly so; see `contentGroups`.
 * @throws if one half is left without a class.
 */
export function leakProofSplit(
  classes: readonly string[],
  labels: readonly (number | undefined)[],
  groups: ArrayLike<number>,
): LeakProofSplit {
  const plain = splitByClassHash(classes);
  const inTrain = new Set(plain.train);
  const side = classes.map((name) => inTrain.has(name));
  const labelsOfGroup = new Map<number, Set<number>>();
  for (const [image, label] of labels.entries()) {
    if (label === undefined) continue;
    const own = labelsOfGroup.get(groups[image]);
    if (own === undefined) labelsOfGroup.set(groups[image], new Set([label]));
    else own.add(label);
  }
  const sets = [...labelsOfGroup.values()];
  const leakingGroups = sets.filter((own) => new Set([...own].map((label) => side[label])).size > 1).length;
  const moved = new Set<number>();
  for (const linked of linkedClasses(classes.length, sets)) {
    const train = linked.filter((label) => side[label]);
    const test = linked.filter((label) => !side[label]);
    for (const label of train.length < test.length ? train : test) {
      if (train.length > 0 && test.length > 0) moved.add(label);
    }
  }
  const isTrain = (label: number) => side[label] !== moved.has(label);
  const labelOf = new Map(classes.map((name, label) => [name, label]));
  const ordered = [...plain.train, ...plain.test];
  const train = ordered.filter((name) => isTrain(labelOf.get(name)!));
  const test = ordered.filter((name) => !isTrain(labelOf.get(name)!));
  if (classes.length > 1 && (train.length === 0 || test.length === 0)) {
    throw new DatasetError(
      `pictures that look nearly the same link all ${classes.length} classes, so they cannot be divided without a leak: remove the copies first`,
    );
  }
  return {
    train,
    test,
    moved: [...moved].sort((a, b) => a - b).map((label) => classes[label]),
    movedImages: labels.filter((label) => label !== undefined && moved.has(label)).length,
    leakingGroups,
  };
}

/** Sets of classes that shared groups link, each class in one of them. */
function linkedClasses(count: number, sets: readonly ReadonlySet<number>[]): number[][] {
  const links = sets.flatMap((own) => {
    const [a] = own;
    return Array.from(own, (b) => ({ a, b }));
  });
  const linked = Array.from({ length: count }, (): number[] => []);
  for (const [label, first] of joinedGroups(count, links).entries()) linked[first].push(label);
  return linked.filter((own) => own.length > 0);
}
