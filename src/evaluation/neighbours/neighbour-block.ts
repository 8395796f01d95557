import type { ExactNeighbours, RankedRows } from './exact-neighbours.ts';
import type { InnerProductForm } from './inner-product-form.ts';

/** The neighbours of some consecutive queries. */
export interface NeighbourBlock {
  /** Row of the first query of this block. */
  readonly firstQuery: number;
  readonly queryCount: number;
  /** Neighbours of each query. */
  readonly k: number;
  /** Rows of the gallery, [queryCount, k], nearest first. */
  readonly indexes: Int32Array;
  /** By the distance that was asked for, [queryCount, k]. */
  readonly distances: Float32Array;
}

/** How the rows that were fetched become neighbours. */
export interface Ranking {
  readonly form: InnerProductForm;
  readonly scale: number;
  readonly k: number;
  /** Rows fetched for each query: one more than `k` where the query itself is among them. */
  readonly fetched: number;
  readonly galleryRows: number;
  readonly dimension: number;
  readonly exact: ExactNeighbours;
}

/** What was fetched for a block: [queries, fetched], the squared lengths of prepared queries, and the queries. */
export interface FetchedBlock {
  readonly scores: Float32Array;
  readonly indexes: Int32Array;
  readonly own: Float32Array;
  readonly queries: Float32Array;
}

/** Below this share of the query's squared length, rounding may be what tells squared distances apart. */
const lostShare = 2 ** -16;

/** Turns scores into distances, strikes out the query itself where more was fetched than `k`, and mends what cancelled. */
export function neighbourBlock(
  ranking: Ranking,
  firstQuery: number,
  queryCount: number,
  found: FetchedBlock,
): NeighbourBlock {
  const { form, scale, k, fetched } = ranking;
  const indexes = new Int32Array(queryCount * k);
  const distances = new Float32Array(queryCount * k);
  for (let row = 0; row < queryCount; row++) {
    const itself = fetched > k ? firstQuery + row : undefined;
    const mended = rankedExactly(ranking, row, itself, found);
    indexes.set(mended.rows, row * k);
    distances.set(mended.distances, row * k);
    let place = row * k + mended.rows.length;
    const end = (row + 1) * k;
    for (let at = row * fetched + mended.passed; place < end; at++) {
      if (found.indexes[at] === itself) continue;
      indexes[place] = found.indexes[at];
      distances[place] = form.distance(found.scores[at], found.own[row], scale);
      place++;
    }
  }
  return { firstQuery, queryCount, k, indexes, distances };
}

/** The nearest of a query's neighbours, as far as float32 may have lost their order, and how many of the fetched these are. */
function rankedExactly(
  { form, k, fetched, galleryRows, dimension, exact }: Ranking,
  row: number,
  itself: number | undefined,
  { scores, indexes, own, queries }: FetchedBlock,
): RankedRows & { readonly passed: number } {
  const limit = lostShare * own[row];
  let passed = 0;
  while (passed < fetched && (form.squared(scores[row * fetched + passed], own[row]) ?? limit) < limit) passed++;
  const near = Array.from(indexes.subarray(row * fetched, row * fetched + passed)).filter((other) => other !== itself);
  if (near.length === 0) return { rows: [], distances: [], passed };
  const query = queries.subarray(row * dimension, (row + 1) * dimension);
  if (passed < fetched || fetched === galleryRows) return { ...exact.ranked(query, near), passed };
  return { ...exact.nearest(query, k, itself), passed };
}
