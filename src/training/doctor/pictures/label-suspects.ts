import type { NeighbourBlock } from '../../../evaluation/neighbours/neighbour-block.ts';
import { type Finding, mostImages } from '../finding.ts';
import { shareText } from '../share-text.ts';
import type { ExaminedImages } from './examined-images.ts';

/** Neighbours of an image that are looked at, where the other class has as many. */
export const suspectNeighbours = 10;
/** Fewest neighbours that say anything. */
const fewest = 3;
/** Share of them that has to be of one other class. */
const nearlyAll = 0.9;
/** A class of which a larger share of the images looks like another one is confused with it, not mislabelled. */
const confused = 0.34;
/** Recall@1 below which the embeddings cannot judge labels. */
const leastRecall = 0.7;

/** An image that looks like those of another class. */
interface Suspect {
  readonly row: number;
  readonly other: number;
  readonly agreeing: number;
  readonly looked: number;
}

/**
 * Label-noise suspects: images whose nearest neighbours are nearly all of one other class.
 *
 * Criterion: the other class is the most frequent one among the 10 nearest; of the image's k nearest, k being 10 or the size of
 * that class if it is smaller, at least 90% are of it and none of the image's own class. Not counted: where k is below 3;
 * where more than a third of a class look like others, for then the network takes the classes for one; and everything where
 * fewer than 70% of all images have a neighbour of their own class first, for such a network cannot judge.
 *
 * @param rows for each row of the embeddings, its image.
 * @param blocks neighbours of all rows among all rows, at least 10 each where there are as many.
 */
export function findLabelSuspects(
  images: Pick<ExaminedImages, 'labels' | 'idOf' | 'classOf'>,
  rows: readonly number[],
  blocks: readonly NeighbourBlock[],
): Finding | undefined {
  const { idOf, classOf } = images;
  const labels = rows.map((image) => images.labels[image]);
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const suspects: Suspect[] = [];
  let [recalled, judged] = [0, 0];
  for (const { firstQuery, queryCount, k, indexes } of blocks) {
    for (let query = 0; query < queryCount; query++) {
      const row = firstQuery + query;
      if (sizes.get(labels[row])! < 2) continue;
      const near = Array.from(indexes.subarray(query * k, (query + 1) * k), (other) => labels[other]);
      judged++;
      if (near[0] === labels[row]) recalled++;
      const suspect = suspectOf(row, labels[row], near, sizes);
      if (suspect !== undefined) suspects.push(suspect);
    }
  }
  if (judged === 0 || recalled / judged < leastRecall) return undefined;
  const perClass = new Map<number, number>();
  for (const { row } of suspects) perClass.set(labels[row], (perClass.get(labels[row]) ?? 0) + 1);
  const lone = suspects
    .filter(({ row }) => perClass.get(labels[row])! <= Math.max(1, confused * sizes.get(labels[row])!))
    .sort((a, b) => b.looked - a.looked || b.agreeing - a.agreeing || a.row - b.row);
  if (lone.length === 0) return undefined;
  const share = lone.length / rows.length;
  return {
    kind: 'label-suspects',
    title: 'Labels to look at',
    seen: `${lone.length} of ${rows.length} pictures (${shareText(share)}) have neighbours that are nearly all of one other class, and none of their own.`,
    meaning:
      'Their labels may be wrong, or the picture is of both classes. A wrong label is pulled to where it does not belong.',
    remedy: 'Look at the pictures listed; move those that are in the wrong folder, and train again.',
    numbers: { suspects: lone.length, images: rows.length, share, recallAt1: recalled / judged },
    images: lone.slice(0, mostImages).map(({ row, other, agreeing, looked }) => ({
      ids: [idOf(rows[row])],
      note: `labelled ${classOf(labels[row])}; ${agreeing} of ${looked} neighbours are ${classOf(other)}`,
    })),
  };
}

function suspectOf(
  row: number,
  own: number,
  near: readonly number[],
  sizes: ReadonlyMap<number, number>,
): Suspect | undefined {
  const counts = new Map<number, number>();
  for (const label of near.slice(0, suspectNeighbours)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [other] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  const looked = Math.min(suspectNeighbours, sizes.get(other)!, near.length);
  if (other === own || looked < fewest) return undefined;
  const nearest = near.slice(0, looked);
  const agreeing = nearest.filter((label) => label === other).length;
  if (nearest.includes(own) || agreeing < nearlyAll * looked) return undefined;
  return { row, other, agreeing, looked };
}
