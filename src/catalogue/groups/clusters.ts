import type { EmbeddingTable } from '../../evaluation/neighbours/embedding-table.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';

/** How many clusters, and from which random numbers they begin. */
export interface ClusterOptions {
  /** Default: the root of half the rows, rounded (Mardia, Kent, Bibby 1979, p. 365). */
  readonly count?: number | undefined;
  /** Default: 0. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows that are like each other. */
export interface Cluster {
  /** The row nearest to the mean. */
  readonly representative: number;
  /** Nearest to the mean first. */
  readonly rows: readonly number[];
  /** Euclidean distance from the mean, of each row. */
  readonly distances: readonly number[];
}

/** Rounds, at most. */
const mostRounds = 100;

/**
 * Clusters of rows by k-means (Lloyd 1982) from the start of k-means++ (Arthur, Vassilvitskii 2007), by Euclidean distance: the same
 * clusters for the same rows and seed. The largest cluster comes first.
 *
 * @throws UsageError if there are fewer rows than clusters.
 */
export function clusters({ data, dimension }: EmbeddingTable, options: ClusterOptions = {}): Cluster[] {
  const rows = data.length / dimension;
  const count = options.count ?? Math.max(1, Math.round(Math.sqrt(rows / 2)));
  if (count > rows || rows === 0) {
    throw new UsageError(`${rows} images cannot be ${count} clusters: ask for fewer, or for a wider filter`, {
      path: 'options.count',
      expected: `at most ${rows}`,
      value: count,
    });
  }
  const table = { data, dimension };
  let means = plusPlusStart(table, count, RandomSource.fromSeed(options.seed ?? 0, 'clusters'));
  let nearest = nearestMeans(table, means);
  for (let round = 0; round < mostRounds; round++) {
    throwIfAborted(options.signal);
    means = meansOf(table, nearest.of, means);
    const next = nearestMeans(table, means);
    const isSame = next.of.every((mean, row) => mean === nearest.of[row]);
    nearest = next;
    if (isSame) break;
  }
  const members = means.map((): number[] => []);
  for (const [row, mean] of nearest.of.entries()) members[mean].push(row);
  const { squared } = nearest;
  return members
    .filter((own) => own.length > 0)
    .map((own) => own.sort((a, b) => squared[a] - squared[b] || a - b))
    .map((own) => ({ representative: own[0], rows: own, distances: own.map((row) => Math.sqrt(squared[row])) }))
    .sort((a, b) => b.rows.length - a.rows.length || a.representative - b.representative);
}

/** Draws rows as first means: each with a probability in proportion to its squared distance from those drawn before. */
function plusPlusStart(table: EmbeddingTable, count: number, random: RandomSource): Float64Array[] {
  const { data, dimension } = table;
  const rows = data.length / dimension;
  const rowAt = (row: number) => Float64Array.from(data.subarray(row * dimension, (row + 1) * dimension));
  const means = [rowAt(random.integer(rows))];
  const squared = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  while (means.length < count) {
    const last = means[means.length - 1];
    let total = 0;
    for (let row = 0; row < rows; row++) {
      squared[row] = Math.min(squared[row], squaredDistance(table, row, last));
      total += squared[row];
    }
    let left = random.uniform() * total;
    let drawn = 0;
    while (drawn < rows - 1 && left >= squared[drawn]) left -= squared[drawn++];
    means.push(rowAt(drawn));
  }
  return means;
}

function nearestMeans(table: EmbeddingTable, means: readonly Float64Array[]) {
  const rows = table.data.length / table.dimension;
  const of = new Int32Array(rows);
  const squared = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < rows; row++) {
    for (const [place, mean] of means.entries()) {
      const distance = squaredDistance(table, row, mean);
      if (distance >= squared[row]) continue;
      squared[row] = distance;
      of[row] = place;
    }
  }
  return { of, squared };
}

/** The means of the rows of each cluster; a cluster that has lost all of its rows keeps its mean. */
function meansOf({ data, dimension }: EmbeddingTable, of: Int32Array, before: readonly Float64Array[]): Float64Array[] {
  const sums = before.map(() => new Float64Array(dimension));
  const counts = new Float64Array(before.length);
  for (const [row, mean] of of.entries()) {
    counts[mean]++;
    const sum = sums[mean];
    for (let d = 0; d < dimension; d++) sum[d] += data[row * dimension + d];
  }
  return sums.map((sum, mean) => (counts[mean] === 0 ? before[mean] : sum.map((x) => x / counts[mean])));
}

function squaredDistance({ data, dimension }: EmbeddingTable, row: number, mean: Float64Array): number {
  let sum = 0;
  for (let d = 0, at = row * dimension; d < dimension; d++, at++) {
    const difference = data[at] - mean[d];
    sum += difference * difference;
  }
  return sum;
}

/**
 * Rows that lie far from everything: those whose distance from their cluster's mean is beyond the upper quartile of all such distances
 * by more than three times their interquartile range (Tukey 1977, "far out"), the farthest first. Clusters of one row are such, too.
 */
export function outliersOf(found: readonly Cluster[]): number[] {
  const all = found.flatMap(({ rows, distances }) => rows.map((row, place) => ({ row, distance: distances[place] })));
  const sorted = all.map(({ distance }) => distance).sort((a, b) => a - b);
  const quartile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const fence = quartile(0.75) + 3 * (quartile(0.75) - quartile(0.25));
  const single = new Set(found.filter(({ rows }) => rows.length === 1).map(({ representative }) => representative));
  return all
    .filter(({ row, distance }) => distance > fence || single.has(row))
    .sort((a, b) => b.distance - a.distance || a.row - b.row)
    .map(({ row }) => row);
}
