import { partOf } from '../../../foundation/progress/progress.ts';
import { counted } from '../../../foundation/text/counted.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { leakProofSplit } from '../../../pictures/datasets/leak-proof-split.ts';
import { selectClasses } from '../../../pictures/datasets/select-classes.ts';
import { contentGroups, nearIdenticalPairs } from '../../../pictures/inspection/near-identical.ts';
import { thumbnailsOf } from '../../../pictures/inspection/thumbnails.ts';
import { loadImages } from '../input/load-images.ts';
import type { Terminal } from '../output/terminal.ts';
import { halfOfClasses } from './half-of-classes.ts';

/** What a leak-proof split has changed. */
export type MovedClasses = {
  readonly classes: readonly string[];
  readonly images: number;
  /** Groups of pictures that look the same, or nearly so, which the plain split has on both sides. */
  readonly leakingGroups: number;
};

/**
 * Loads images of all classes, or of one half of them. Leak-proof, classes that share a picture or nearly the same one go to
 * one half, and how many were moved is said.
 */
export async function selectHalf(
  images: string,
  which: 'all' | 'train' | 'test',
  leakProof: boolean,
  terminal: Terminal,
): Promise<{ readonly dataset: ImageDataset; readonly moved?: MovedClasses }> {
  const whole = await loadImages(terminal, images);
  if (which === 'all' || !leakProof) return { dataset: halfOfClasses(whole, which) };
  const sources = whole.images.map(({ source }) => source);
  const watched = { signal: terminal.signal, onProgress: terminal.showProgress };
  const thumbnails = await thumbnailsOf(sources, partOf(watched, 'looking for copies'));
  const labels = whole.images.map(({ label }) => label);
  const groups = contentGroups(labels.length, nearIdenticalPairs(thumbnails));
  const split = leakProofSplit(whole.classes, labels, groups);
  terminal.say(
    split.leakingGroups === 0
      ? 'no picture, or nearly the same one, is in both halves of the classes'
      : `${counted(split.leakingGroups, 'picture')} in both halves of the classes, or nearly so: ` +
          `${counted(split.moved.length, 'class', 'classes')} with ${counted(split.movedImages, 'image')} moved to the other half`,
  );
  return {
    dataset: selectClasses(whole, split[which]),
    moved: { classes: split.moved, images: split.movedImages, leakingGroups: split.leakingGroups },
  };
}
