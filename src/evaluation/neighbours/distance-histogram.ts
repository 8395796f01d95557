import { UsageError } from '../../foundation/errors/usage-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { sampleWithoutReplacement } from '../../foundation/random/shuffle.ts';
import { euclidean } from '../../ranking/distances/euclidean.ts';
import { checkEmbeddings, type EmbeddingTable } from './embedding-table.ts';

/** How far pairs of images are apart, those of one class and those of two. */
export interface DistanceHistogram {
  /** Ends of the bins: bin `i` holds distances from `edges[i]` up to, but for the last bin, below `edges[i + 1]`. */
  readonly edges: readonly number[];
  /** Pairs of one class in each bin. */
  readonly positive: readonly number[];
  /** Pairs of two classes in each bin. */
  readonly negative: readonly number[];
  /** Images whose pairs were counted. */
  readonly images: number;
}

/** How fine a histogram of distances is, and how many images it looks at. */
export interface DistanceHistogramOptions {
  /** Default: 40. */
  readonly bins?: number;
  /** Of more images a random choice of this many is taken. Default: 1500, which have about a million pairs. */
  readonly mostImages?: number;
  /** Decides the choice. Default: 0. */
  readonly seed?: number;
}

/**
 * Euclidean distances of all pairs of images, counted in bins of equal width from 0 to the largest distance: pairs of one
 * class and pairs of two apart. The less the two overlap, the better a distance tells the classes apart.
 *
 * @throws if the rows are not one a label, or a number is not finite.
 */
export function distanceHistogram(
  table: EmbeddingTable,
  labels: ArrayLike<number>,
  { bins = 40, mostImages = 1500, seed = 0 }: DistanceHistogramOptions = {},
): DistanceHistogram {
  const rows = checkEmbeddings(table);
  if (rows !== labels.length) {
    throw new UsageError(`distance histogram: ${rows} embeddings, but ${labels.length} labels; give one each`, {
      path: 'labels',
      expected: `${rows} numbers`,
    });
  }
  const all = Array.from({ length: rows }, (_, row) => row);
  const chosen =
    rows <= mostImages
      ? all
      : sampleWithoutReplacement(all, mostImages, RandomSource.fromSeed(seed, 'distance histogram'));
  const distances: number[][] = [[], []];
  let largest = 0;
  const { data, dimension } = table;
  const vectors = chosen.map((row) => data.subarray(row * dimension, (row + 1) * dimension));
  for (const [a, row] of chosen.entries()) {
    for (let b = a + 1; b < chosen.length; b++) {
      const distance = euclidean.between(vectors[a], vectors[b]);
      largest = Math.max(largest, distance);
      distances[labels[row] === labels[chosen[b]] ? 0 : 1].push(distance);
    }
  }
  const width = (largest || 1) / bins;
  const [positive, negative] = distances.map((some) => {
    const counts = new Array<number>(bins).fill(0);
    for (const distance of some) counts[Math.min(bins - 1, Math.floor(distance / width))]++;
    return counts;
  });
  return {
    edges: Array.from({ length: bins + 1 }, (_, bin) => bin * width),
    positive,
    negative,
    images: chosen.length,
  };
}
