import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { selectClasses } from '../../../pictures/datasets/select-classes.ts';
import { splitByClassHash } from '../../../pictures/datasets/split.ts';

/**
 * The images of all classes, or of one half of them as `splitByClassHash` divides them: `train` to learn from, `test` to
 * judge on classes that were never seen.
 */
export function halfOfClasses(dataset: ImageDataset, which: 'all' | 'train' | 'test'): ImageDataset {
  return which === 'all' ? dataset : selectClasses(dataset, splitByClassHash(dataset.classes)[which]);
}
