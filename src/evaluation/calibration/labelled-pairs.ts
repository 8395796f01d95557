import { UsageError } from '../../foundation/errors/usage-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { SearchDistance } from '../../ranking/distances/search-distance.ts';

/** Pairs of labelled images with their distances. */
export interface LabelledPairs {
  readonly distances: Float64Array;
  /** 1 for a pair of one class, else 0. */
  readonly alike: Uint8Array;
  /** How many pairs of each kind there are, looked at or not. */
  readonly all: { readonly alike: number; readonly unlike: number };
  /** Classes with at least two images. */
  readonly classesWithPairs: number;
}

/** Embeddings and classes that pairs are drawn from. */
export interface LabelledPairsOptions {
  /** One row of `dimension` numbers an image. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  readonly labels: ArrayLike<number>;
  readonly distance: SearchDistance;
  /** Decides which pairs are looked at where there are too many. */
  readonly seed: number;
  /** Most pairs of each kind that are looked at. Default: 200000. */
  readonly most?: number;
}

/**
 * Pairs of images of one class and of two: all of a kind if there are at most `most` of them, else as many drawn at random,
 * uniformly and with replacement. Pairs whose embeddings are equal number by number are passed over: they are copies of one
 * picture, and say nothing about others. Time: linear in the images and the pairs that are looked at, however unequal the classes
 * are. Memory: nine bytes a pair.
 *
 * @throws if there is not one label a row.
 */
export function labelledPairs(options: LabelledPairsOptions): LabelledPairs {
  const { embeddings, dimension, labels, distance, seed, most = 200_000 } = options;
  const rows = embeddings.length / dimension;
  if (rows !== labels.length) {
    throw new UsageError(`calibration: ${rows} embeddings, but ${labels.length} labels; give one each`, {
      path: 'labels',
      expected: `${rows} numbers`,
    });
  }
  const vectors = Array.from({ length: rows }, (_, row) => embeddings.subarray(row * dimension, (row + 1) * dimension));
  const classes = membersByClass(labels);
  const sizes = classes.map((own) => pairsOf(own.length));
  const alikeCount = sizes.reduce((sum, size) => sum + size, 0);
  const unlikeCount = pairsOf(rows) - alikeCount;
  const random = RandomSource.fromSeed(seed, 'calibration pairs');
  const distances = new Float64Array(Math.min(alikeCount, most) + Math.min(unlikeCount, most));
  const alike = new Uint8Array(distances.length);
  let place = 0;
  const keep = (a: number, b: number, isAlike: 0 | 1) => {
    if (vectors[a].every((value, d) => value === vectors[b][d])) return;
    distances[place] = distance.between(vectors[a], vectors[b]);
    alike[place++] = isAlike;
  };
  if (alikeCount <= most) {
    for (const own of classes) everyPair(own.length, (a, b) => keep(own[a], own[b], 1));
  } else {
    const ends = runningSums(sizes);
    for (let drawn = 0; drawn < most; drawn++) {
      const own = classes[firstAbove(ends, random.integer(alikeCount))];
      const [a, b] = twoDifferent(own.length, random);
      keep(own[a], own[b], 1);
    }
  }
  if (unlikeCount <= most) {
    everyPair(classes.length, (one, other) => {
      for (const a of classes[one]) for (const b of classes[other]) keep(a, b, 0);
    });
  } else {
    for (const [a, b] of unlikePairs(classes, most, random)) keep(a, b, 0);
  }
  return {
    distances: distances.subarray(0, place),
    alike: alike.subarray(0, place),
    all: { alike: alikeCount, unlike: unlikeCount },
    classesWithPairs: sizes.filter((size) => size > 0).length,
  };
}

function membersByClass(labels: ArrayLike<number>): number[][] {
  const classes = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const own = classes.get(labels[row]);
    if (own === undefined) classes.set(labels[row], [row]);
    else own.push(row);
  }
  return [...classes.values()];
}

/**
 * Pairs of two classes, uniformly and with replacement: the first image is of a class with as many such pairs as its size and the
 * number of other images make, the second any image of another class. No draw is in vain, however unequal the classes are.
 */
function* unlikePairs(
  classes: readonly (readonly number[])[],
  count: number,
  random: RandomSource,
): Generator<readonly [number, number]> {
  const images = classes.flat();
  const ends = runningSums(classes.map((own) => own.length));
  const pairEnds = runningSums(classes.map((own) => own.length * (images.length - own.length)));
  const pairs = pairEnds[pairEnds.length - 1];
  for (let drawn = 0; drawn < count; drawn++) {
    const own = firstAbove(pairEnds, random.integer(pairs));
    const { length } = classes[own];
    const a = classes[own][random.integer(length)];
    const other = random.integer(images.length - length);
    // The images of the first one's class are left out.
    yield [a, images[other < ends[own] - length ? other : other + length]];
  }
}

function runningSums(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((number) => {
    sum += number;
    return sum;
  });
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}

function everyPair(count: number, visit: (a: number, b: number) => void): void {
  for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) visit(a, b);
}

function twoDifferent(count: number, random: RandomSource): readonly [number, number] {
  const a = random.integer(count);
  const b = random.integer(count - 1);
  return [a, b < a ? b : b + 1];
}

/** Place of the first of rising numbers that is above `value`. */
function firstAbove(rising: readonly number[], value: number): number {
  let [low, high] = [0, rising.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
