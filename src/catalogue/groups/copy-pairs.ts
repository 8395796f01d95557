import type { EmbeddingTable } from '../../evaluation/neighbours/embedding-table.ts';
import { mapBounded } from '../../foundation/concurrency/bounded-concurrency.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { advance } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceByName } from '../../ranking/distances/search-distance-by-name.ts';
import { type NearPair, type NearPairsOptions, nearPairs } from './near-pairs.ts';
import { likeness, type PictureSketch } from './picture-sketch.ts';

/** By what two rows are taken for copies of one picture. */
export interface CopyPairsOptions extends Omit<NearPairsOptions, 'threshold'> {
  /** The sketch of a row's picture; undefined where it cannot be had. */
  readonly sketchOf: (row: number) => Promise<PictureSketch | undefined>;
  /** Pairs up to this unlikeness. Default: `copyUnlikeness`. */
  readonly limit?: number | undefined;
}

/** Copies are mostly up to this, others beyond it: docs/search.md has what it finds, and on which pictures it was chosen. */
export const copyUnlikeness = 0.6;

/** Pictures that are decoded at a time. */
const decodedAtATime = 4;

/** Pairs that the usual distance is the median of. */
const sampledPairs = 4096;

/** Distances that grow with the square of the others: their root is taken. */
const squared: ReadonlySet<SearchDistanceName> = new Set(['squared-euclidean', 'cosine']);

/**
 * Every pair of rows whose pictures are copies of one, by their unlikeness, which stands for the distance of the pairs that are found:
 *
 * `u(a, b) = d(a, b) / m + 1 - r(a, b)`
 *
 * with the distance `d` of the embeddings (of squared ones the root), `m` the median of that over pairs of the table, and `r` how alike
 * the pictures look (`likeness`). The embedding knows what is shown however it is coloured, and takes two drawings of one thing for
 * the same; the sketch knows where dark and light are. A pair whose pictures cannot be seen is none.
 *
 * In ascending order, equal ones by rows.
 */
export async function copyPairs(table: EmbeddingTable, options: CopyPairsOptions): Promise<NearPair[]> {
  const { distance, limit = copyUnlikeness, sketchOf, onProgress, signal } = options;
  const scale = usualDistance(table, distance);
  const power = squared.has(distance) ? 2 : 1;
  const candidates = await nearPairs(table, { ...options, threshold: (limit * scale) ** power });
  const sketches = new Map<number, PictureSketch | undefined>();
  const rows = [...new Set(candidates.flatMap(({ a, b }) => [a, b]))];
  let done = 0;
  await mapBounded(rows, decodedAtATime, async (row) => {
    throwIfAborted(signal);
    sketches.set(row, await sketchOf(row));
    advance({ onProgress, signal }, { work: 'looking', unit: 'pictures', done: ++done, total: rows.length });
  });
  const pairs: NearPair[] = [];
  for (const { a, b, distance: apart } of candidates) {
    throwIfAborted(signal);
    const [one, other] = [sketches.get(a), sketches.get(b)];
    if (one === undefined || other === undefined) continue;
    const share = scale === 0 ? 0 : apart ** (1 / power) / scale;
    const unlikeness = share + 1 - likeness(one, other);
    if (unlikeness <= limit) pairs.push({ a, b, distance: Math.max(0, unlikeness) });
  }
  return pairs.sort((x, y) => x.distance - y.distance || x.a - y.a || x.b - y.b);
}

/** The median distance of pairs of different rows, of squared distances its root; 0 of fewer than two rows. */
function usualDistance({ data, dimension }: EmbeddingTable, name: SearchDistanceName): number {
  const rows = data.length / dimension;
  if (rows < 2) return 0;
  const random = RandomSource.fromSeed(1, 'usual distance');
  const { between } = searchDistanceByName(name);
  const vectorOf = (row: number) => data.subarray(row * dimension, (row + 1) * dimension);
  const distances = Float64Array.from({ length: sampledPairs }, () => {
    const a = random.integer(rows);
    const b = (a + 1 + random.integer(rows - 1)) % rows;
    return between(vectorOf(a), vectorOf(b));
  }).sort();
  const median = distances[distances.length / 2];
  return squared.has(name) ? Math.sqrt(median) : median;
}
