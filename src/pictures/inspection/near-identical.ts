import { numberFrom, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import { mean } from '../../foundation/numbers/mean.ts';
import { joinedGroups } from '../datasets/joined-groups.ts';
import { thumbnailSide } from './thumbnails.ts';

/** Two images that look nearly the same. */
export interface NearIdenticalPair {
  /** Places among the thumbnails, `a < b`. */
  readonly a: number;
  readonly b: number;
  /** Root of the mean squared difference of the thumbnails' bytes, 0 to 255: 0 for thumbnails that are equal. */
  readonly difference: number;
}

/**
 * The difference up to which two thumbnails are taken for one picture, in units of a byte. A photograph compressed or scaled
 * again stays below it, another picture of the same thing is beyond; docs/evaluation.md has figures.
 */
export const nearIdenticalTolerance = 6;

/**
 * Pairs of pictures that are the same but for compression, scaling and the like: the root mean squared difference of
 * their thumbnails (see `thumbnailOf`) is at most `tolerance`. Files with identical bytes are among them. Mirrored, turned
 * and cropped copies are not.
 *
 * Every such pair is found but for this: of pictures whose thumbnails are equal, the first stands for all, each of the others
 * is paired with it, and only the first with anything else. Joining the pairs gives the same groups, and a thousand blank
 * pictures give a thousand pairs, not half a million. Pairs are in ascending order of `a`, then of `b`.
 *
 * How: means over blocks of pixels differ by no more than the pixels, for the square is convex. Thumbnails are sorted by
 * their mean, and a pair whose means differ by more than the tolerance is never looked at; of the others the means over
 * 2 x 2, then over 8 x 8 blocks of each channel are compared before the pixels are. 10,000 pictures take a second or two.
 *
 * @param thumbnails `32 * 32 * 3` bytes each; undefined for an image that is not looked at.
 * @throws if a thumbnail has another size, or the tolerance is negative.
 */
export function nearIdenticalPairs(
  thumbnails: readonly (Uint8Array | undefined)[],
  tolerance: number = nearIdenticalTolerance,
): NearIdenticalPair[] {
  checkArgument(thumbnails, thumbnailList, 'thumbnails');
  checkArgument(tolerance, numberFrom(0), 'tolerance');
  const pairs: NearIdenticalPair[] = [];
  const levels = levelsByMean(differentThumbnails(thumbnails, pairs));
  for (let one = 0; one < levels.length; one++) {
    const { place, mean } = levels[one];
    for (let other = one + 1; other < levels.length && levels[other].mean - mean <= tolerance; other++) {
      const difference = differenceWithin(levels[one], levels[other], tolerance);
      if (difference === undefined) continue;
      const [a, b] = place < levels[other].place ? [place, levels[other].place] : [levels[other].place, place];
      pairs.push({ a, b, difference });
    }
  }
  return pairs.sort((x, y) => x.a - y.a || x.b - y.b);
}

/**
 * Content groups: a number for each thumbnail, shared by those that near-identical pairs join, directly or over others; it is
 * the place of the group's first. An image that is like no other, or was not looked at, is its own group.
 */
export function contentGroups(count: number, pairs: readonly NearIdenticalPair[]): Int32Array {
  return joinedGroups(count, pairs);
}

const thumbnailList = valueLike<readonly (Uint8Array | undefined)[]>(
  'an array of thumbnails',
  (value) => Array.isArray(value),
  'await thumbnailsOf(sources) gives them',
);

const bytes = thumbnailSide * thumbnailSide * 3;

/** Means over ever smaller blocks of a thumbnail. */
interface Levels {
  readonly place: number;
  readonly mean: number;
  /** [2, 2, 3] and [8, 8, 3] means over blocks. */
  readonly coarse: Float64Array;
  readonly fine: Float64Array;
  readonly pixels: Uint8Array;
}

/** The first of each set of equal thumbnails; the others go into `pairs`. */
function differentThumbnails(
  thumbnails: readonly (Uint8Array | undefined)[],
  pairs: NearIdenticalPair[],
): (readonly [place: number, pixels: Uint8Array])[] {
  const firsts = new Map<string, number>();
  const different: (readonly [number, Uint8Array])[] = [];
  for (const [place, pixels] of thumbnails.entries()) {
    if (pixels === undefined) continue;
    if (pixels.length !== bytes) {
      throw new InternalError(
        `near-identical: thumbnail ${place} has ${pixels.length} bytes, not the ${bytes} of ${thumbnailSide} x ${thumbnailSide} pixels`,
      );
    }
    const key = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length).toString('latin1');
    const first = firsts.get(key);
    if (first !== undefined) {
      pairs.push({ a: first, b: place, difference: 0 });
      continue;
    }
    firsts.set(key, place);
    different.push([place, pixels]);
  }
  return different;
}

function levelsByMean(thumbnails: readonly (readonly [number, Uint8Array])[]): Levels[] {
  return thumbnails
    .map(([place, pixels]) => {
      const fine = blockMeans(pixels, thumbnailSide, thumbnailSide / 8);
      const coarse = blockMeans(fine, 8, 4);
      return { place, pixels, fine, coarse, mean: mean(coarse) };
    })
    .sort((a, b) => a.mean - b.mean || a.place - b.place);
}

/** Means over blocks of `block` x `block` of a square of three channels. */
function blockMeans(values: ArrayLike<number>, side: number, block: number): Float64Array {
  const blocks = side / block;
  const means = new Float64Array(blocks * blocks * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const target = (Math.floor(y / block) * blocks + Math.floor(x / block)) * 3;
      for (let c = 0; c < 3; c++) means[target + c] += values[(y * side + x) * 3 + c] / (block * block);
    }
  }
  return means;
}

/** The difference of two thumbnails; undefined if it is beyond the tolerance. */
function differenceWithin(a: Levels, b: Levels, tolerance: number): number | undefined {
  // A hair more on the levels: their sums are rounded, those of the pixels are whole numbers.
  const generous = tolerance * tolerance * (1 + 1e-9) + 1e-9;
  if (squaredDifference(a.coarse, b.coarse, generous) === undefined) return undefined;
  if (squaredDifference(a.fine, b.fine, generous) === undefined) return undefined;
  const squared = squaredDifference(a.pixels, b.pixels, tolerance * tolerance);
  return squared === undefined ? undefined : Math.sqrt(squared);
}

/** Mean squared difference; undefined once it is sure to be beyond `limit`. */
function squaredDifference(a: ArrayLike<number>, b: ArrayLike<number>, limit: number): number | undefined {
  const most = limit * a.length;
  let sum = 0;
  for (let start = 0; start < a.length; start += 12) {
    const end = Math.min(a.length, start + 12);
    for (let i = start; i < end; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    if (sum > most) return undefined;
  }
  return sum / a.length;
}
