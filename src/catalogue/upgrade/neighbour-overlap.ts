import type { Engine } from '../../engines/engine.ts';
import type { EmbeddingTable } from '../../evaluation/neighbours/embedding-table.ts';
import { nearestNeighbours } from '../../evaluation/neighbours/nearest-neighbours.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';

/** The embeddings of the same images by one model, and what they are compared by. */
export interface ComparedTable extends EmbeddingTable {
  readonly distance: SearchDistanceName;
}

/** How the neighbours of an image have changed. */
export interface ImageOverlap {
  /** Row of the image. */
  readonly row: number;
  /** Share of its 10 nearest that are the same in both. */
  readonly share: number;
  /** Rows of the 10 nearest, nearest first. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** How alike the neighbours of two models are. */
export interface NeighbourOverlap {
  /** Images whose neighbours were looked at. */
  readonly queries: number;
  /** Mean share of the `k` nearest that are the same. */
  readonly at: readonly { readonly k: number; readonly share: number }[];
  /** Every image that was looked at, the one that changed most first. */
  readonly images: readonly ImageOverlap[];
}

/** Numbers of neighbours that are compared. */
const counts = [1, 10, 100] as const;
/** Images that are looked at, spread over all. */
const mostQueries = 1000;
/** Neighbours by which images are put in order. */
const shown = 10;

/**
 * Compares the neighbours that images have by two models: of up to 1,000 of them, spread over all, the share of the 1, 10 and 100
 * nearest others that are the same; fewer where there are fewer images.
 */
export async function neighbourOverlap(
  before: ComparedTable,
  after: ComparedTable,
  engine: Engine,
  signal?: AbortSignal,
): Promise<NeighbourOverlap> {
  const rows = before.data.length / before.dimension;
  const queries = Math.min(mostQueries, rows);
  const asking = Array.from({ length: queries }, (_, n) => Math.floor((n * rows) / queries));
  const old = await neighboursOf(before, asking, engine, signal);
  const fresh = await neighboursOf(after, asking, engine, signal);
  const shares = (k: number) => asking.map((_, query) => sameShare(old[query].slice(0, k), fresh[query].slice(0, k)));
  const near = shares(shown);
  const images = asking.map((row, query) => ({
    row,
    share: near[query],
    before: old[query].slice(0, shown),
    after: fresh[query].slice(0, shown),
  }));
  return {
    queries,
    at: counts.map((k) => ({ k, share: shares(k).reduce((sum, share) => sum + share, 0) / Math.max(1, queries) })),
    images: images.sort((a, b) => a.share - b.share || a.row - b.row),
  };
}

/** Rows of the nearest others of some rows, nearest first. */
async function neighboursOf(
  table: ComparedTable,
  asking: readonly number[],
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<number[][]> {
  const { dimension, distance } = table;
  const data = new Float32Array(asking.length * dimension);
  for (const [place, row] of asking.entries()) {
    data.set(table.data.subarray(row * dimension, (row + 1) * dimension), place * dimension);
  }
  const most = Math.max(...counts);
  const found: number[][] = [];
  for await (const block of nearestNeighbours(table, { k: most + 1, engine, distance }, { data, dimension })) {
    throwIfAborted(signal);
    for (let query = 0; query < block.queryCount; query++) {
      const own = asking[block.firstQuery + query];
      const nearest = [...block.indexes.subarray(query * block.k, (query + 1) * block.k)];
      found.push(nearest.filter((row) => row !== own).slice(0, most));
    }
  }
  return found;
}

/** Share of some rows that are among others; 1 of none. */
function sameShare(some: readonly number[], others: readonly number[]): number {
  if (some.length === 0) return 1;
  const known = new Set(others);
  return some.filter((row) => known.has(row)).length / some.length;
}
