import { type Finding, mostImages } from '../finding.ts';
import { shareText } from '../share-text.ts';
import type { ExaminedImages } from './examined-images.ts';
import { identicalGroups } from './identical-groups.ts';

/**
 * Duplicated positives: images of one class that look the same to the last prepared pixel. As query and positive they would
 * have distance 0 and teach nothing; samplers never pair them, so a class of copies has no positives, and whatever is copied
 * counts several times. Only images that are trained on.
 */
export function findDuplicatedPositives(images: ExaminedImages): Finding | undefined {
  const { train, labels, idOf, classOf } = images;
  const groups = identicalGroups(train, images.digests).flatMap((group) => {
    const byClass = new Map<number, number[]>();
    for (const image of group) {
      if (labels[image] >= 0) byClass.set(labels[image], [...(byClass.get(labels[image]) ?? []), image]);
    }
    return [...byClass.values()].filter((own) => own.length > 1);
  });
  if (groups.length === 0) return undefined;
  const copies = groups.reduce((sum, group) => sum + group.length - 1, 0);
  const share = copies / train.length;
  return {
    kind: 'duplicated-positives',
    title: 'Duplicated positives',
    seen: `${copies} of ${train.length} pictures trained on (${shareText(share)}) are copies of another one of their class, in ${groups.length} ${groups.length === 1 ? 'group' : 'groups'}.`,
    meaning:
      'A copy is no positive: its distance is 0 whatever the network does. Copies are never paired, but each is drawn as often as any other picture, so they weigh more than they should.',
    remedy: 'Remove all but one of each group.',
    numbers: { groups: groups.length, copies, images: train.length, share },
    images: [...groups]
      .sort((a, b) => b.length - a.length)
      .slice(0, mostImages)
      .map((group) => ({
        ids: group.map(idOf),
        note: `${group.length} times the same picture in ${classOf(labels[group[0]])}`,
      })),
  };
}
