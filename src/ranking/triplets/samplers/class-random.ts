import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { RandomSource } from '../../../foundation/random/random-source.ts';
import { DistinctIntegers } from '../distinct-integers.ts';
import type { ImagesByClass } from '../images-by-class.ts';
import type { TripletBlock } from '../triplet-block.ts';

/** How many triplets the class-random sampler makes of each image. */
export interface ClassRandomOptions {
  /** Positives of each query, drawn from its class without replacement. Default: all of them. */
  readonly positives?: number;
  /** Negatives of each query and positive, drawn from the other classes without replacement. Default: 1. */
  readonly negatives?: number;
}

/** What the class-random sampler will give, known before it starts. */
export interface ClassRandomCounts {
  readonly queries: number;
  readonly triplets: number;
  /** Classes that give negatives only, having no two different images. */
  readonly classesOfOneImage: number;
}

/**
 * The article's sampler: every image is a query, with every other image of its class (or `positives` of them) as a
 * positive, and for each such pair `negatives` images of the other classes. Streams in blocks: nothing is kept but the
 * images and four bytes for each of them.
 *
 * Corner cases: a class of one image (or of copies of one) gives negatives only; where there are fewer positives or
 * negatives than asked for, all of them are taken; images with identical bytes are never query and positive.
 *
 * Source: Zingade 2017, section "Triplet sampling".
 *
 * @throws as `countClassRandom` does.
 */
export function* classRandomTriplets(
  images: ImagesByClass,
  options: ClassRandomOptions,
  random: RandomSource,
): Generator<TripletBlock, void, undefined> {
  countClassRandom(images, options);
  const { positives = Number.POSITIVE_INFINITY, negatives = 1 } = options;
  const integers = new DistinctIntegers(images.imageCount);
  const chosenPositives = new Uint32Array(Math.min(positives, images.imageCount));
  const chosenNegatives = new Uint32Array(Math.min(negatives, images.imageCount));
  // Every pair of the block is whole.
  const block = new Uint32Array(3 * Math.max(tripletsABlock, chosenNegatives.length));
  let used = 0;
  for (const query of images.queries) {
    const candidates = images.positiveCount(query);
    const drawn = positives < candidates;
    if (drawn) integers.draw(positives, candidates, random, chosenPositives);
    for (let p = 0; p < Math.min(positives, candidates); p++) {
      if (used + 3 * chosenNegatives.length > block.length) {
        yield block.subarray(0, used);
        used = 0;
      }
      const positive = images.positive(query, drawn ? chosenPositives[p] : p);
      const count = integers.draw(negatives, images.negativeCount(query), random, chosenNegatives);
      used = putPair(block, used, query, positive, images, chosenNegatives, count);
    }
  }
  if (used > 0) yield block.subarray(0, used);
}

/** Triplets that are drawn at a time. */
const tripletsABlock = 4096;

/** Puts the triplets of a query and a positive into `block` from `at`; gives the place behind them. */
function putPair(
  block: Uint32Array,
  at: number,
  query: number,
  positive: number,
  images: ImagesByClass,
  negatives: Uint32Array,
  count: number,
): number {
  let place = at;
  for (let k = 0; k < count; k++) {
    block[place++] = query;
    block[place++] = positive;
    block[place++] = images.negative(query, negatives[k]);
  }
  return place;
}

/**
 * How many triplets `classRandomTriplets` gives.
 *
 * @throws if an option is not a whole number of at least 1, or if there is no triplet to be made: fewer than two classes,
 * or no class with two different images.
 */
export function countClassRandom(images: ImagesByClass, options: ClassRandomOptions): ClassRandomCounts {
  const { positives = Number.POSITIVE_INFINITY, negatives = 1 } = options;
  for (const [name, count] of Object.entries({ positives, negatives })) {
    if (!(count >= 1) || (count !== Number.POSITIVE_INFINITY && !Number.isInteger(count))) {
      throw new TrainingError(`class-random sampler: ${name} must be a whole number of at least 1, got ${count}`);
    }
  }
  images.requireTriplets('class-random sampler');
  let triplets = 0;
  for (const query of images.queries) {
    triplets += Math.min(positives, images.positiveCount(query)) * Math.min(negatives, images.negativeCount(query));
  }
  return { queries: images.queries.length, triplets, classesOfOneImage: images.classesOfOneImage };
}
