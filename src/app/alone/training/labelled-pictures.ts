import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { type ImagePlace, imagePlace } from '../../../pictures/datasets/image-place.ts';
import { chooseHeldOut } from '../../../training/data/held-out.ts';
import { classOf, type LocalImage } from '../worker/local-catalogue.ts';

/** Share of classes, or of pictures, that nothing is learnt from. */
const heldOutShare = 0.2;
/** With fewer classes than this, single pictures are kept aside instead of whole classes, as `train` does. */
const fewClasses = 10;

/** The pictures of a page that are in class folders, and which of them are learnt from. */
export interface LabelledPictures {
  readonly images: readonly LocalImage[];
  /** The class of each picture. */
  readonly labels: Int32Array;
  /** Places of pictures that are learnt from. */
  readonly train: readonly ImagePlace[];
  /** Places of pictures that are kept aside to judge by. */
  readonly heldOut: readonly ImagePlace[];
  readonly by: 'class' | 'image';
}

/**
 * Divides the pictures that are in class folders.
 *
 * @throws TrainingError if there are fewer than two classes of two pictures.
 */
export function labelledPictures(all: readonly LocalImage[], seed: number): LabelledPictures {
  const images = all.filter(({ id }) => classOf(id) !== '');
  const numbers = new Map<string, number>();
  const labels = Int32Array.from(images, ({ id }) => {
    const name = classOf(id);
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name)!;
  });
  const sizes = new Array<number>(numbers.size).fill(0);
  for (const label of labels) sizes[label]++;
  const usable = sizes.filter((size) => size >= 2).length;
  if (usable < 2) {
    throw new TrainingError(
      `of ${all.length} pictures ${usable} class folders have two or more, and training compares pictures of classes: ` +
        'give a folder that has a folder for each class, with two pictures or more in each',
    );
  }
  const places = images.map((_, place) => imagePlace(place));
  // Pictures of the same pixels have the same vector.
  const twins = new Map(places.map((place) => [place, images[place].vector.join()] as const));
  const by = numbers.size < fewClasses ? 'image' : 'class';
  const chosen = new Set<number>(
    chooseHeldOut(places, labels, twins, { share: heldOutShare, by }, RandomSource.fromSeed(seed, 'held out')),
  );
  return {
    images,
    labels,
    by,
    train: places.filter((place) => !chosen.has(place)),
    heldOut: places.filter((place) => chosen.has(place)),
  };
}
