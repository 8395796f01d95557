import type { RandomSource } from '../../../foundation/random/random-source.ts';
import type { ImagesByClass } from '../images-by-class.ts';
import type { Triplet } from '../triplet.ts';

/**
 * `count` independent random triplets that give every class the same weight, whatever its size: a class uniform over
 * those with at least two different images, query and positive two different images of it, the negative uniform over all
 * images of other classes. Similarity precision is measured on such triplets.
 *
 * @throws if no triplet can be made: fewer than two classes, or no class with two different images.
 */
export function* classUniformTriplets(
  images: ImagesByClass,
  count: number,
  random: RandomSource,
): Generator<Triplet, void, undefined> {
  images.requireTriplets('class-uniform sampler');
  const classes: Uint32Array[] = [];
  for (let number = 0; number < images.classCount; number++) {
    const members = images.imagesOf(number);
    if (images.positiveCount(members[0]) > 0) classes.push(members);
  }
  for (let drawn = 0; drawn < count; drawn++) {
    const members = classes[random.integer(classes.length)];
    const query = members[random.integer(members.length)];
    const positive = images.positive(query, random.integer(images.positiveCount(query)));
    const negative = images.negative(query, random.integer(images.negativeCount(query)));
    yield { query, positive, negative };
  }
}
