import { type Finding, mostImages } from '../finding.ts';
import type { ExaminedImages } from './examined-images.ts';
import { identicalGroups } from './identical-groups.ts';

/**
 * Contradictory labels: the same picture, to the last prepared pixel, in more than one class. As a triplet's query and negative
 * the two have distance 0 for ever, and at least one of their labels is wrong, or the classes overlap.
 */
export function findContradictoryLabels(images: ExaminedImages): Finding | undefined {
  const { labels, idOf, classOf } = images;
  const labelled = [...images.train, ...images.heldOut].filter((image) => labels[image] >= 0);
  const groups = identicalGroups(labelled, images.digests).filter(
    (group) => new Set(group.map((image) => labels[image])).size > 1,
  );
  if (groups.length === 0) return undefined;
  const count = groups.reduce((sum, group) => sum + group.length, 0);
  return {
    kind: 'contradictory-labels',
    title: 'Contradictory labels',
    seen: `${count} pictures in ${groups.length} ${groups.length === 1 ? 'group' : 'groups'} look exactly the same and are in different classes.`,
    meaning:
      'No network can tell them apart: such a pair is pushed for ever and never moves, and it counts as an error.',
    remedy: 'Give the pictures of each group one class, or remove them; where the classes overlap, join them.',
    numbers: { groups: groups.length, images: count },
    images: groups.slice(0, mostImages).map((group) => ({
      ids: group.map(idOf),
      note: `in ${[...new Set(group.map((image) => classOf(labels[image])))].join(', ')}`,
    })),
  };
}
