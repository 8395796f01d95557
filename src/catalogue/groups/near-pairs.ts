import type { Engine } from '../../engines/engine.ts';
import type { EmbeddingTable } from '../../evaluation/neighbours/embedding-table.ts';
import { nearestNeighbours } from '../../evaluation/neighbours/nearest-neighbours.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceByName } from '../../ranking/distances/search-distance-by-name.ts';
import { rowsOfTable } from './stored-table.ts';

/** Two rows that are near each other. */
export interface NearPair {
  /** Rows of the table, `a < b`. */
  readonly a: number;
  readonly b: number;
  readonly distance: number;
}

/** By what rows are compared, and how near is near. */
export interface NearPairsOptions extends LongWork {
  readonly engine: Engine;
  readonly distance: SearchDistanceName;
  /** Pairs up to this distance. */
  readonly threshold: number;
  /** Pairs that there is room for. Default: any number. */
  readonly mostPairs?: number | undefined;
}

/** Neighbours are found with errors of float32; those that are so much beyond the threshold are looked at, too. */
const slack = { factor: 1 + 2 ** -10, addend: 2 ** -10 } as const;
/** Neighbours that each row asks for first; a row whose last one is near, too, asks for more. */
const firstNeighbours = 16;

/**
 * Every pair of rows up to a distance, in ascending order of distance, equal ones by rows. Each row asks for its nearest ones; those
 * whose last is still near ask for four times as many, until none is. Distances are those of float64.
 *
 * @throws UsageError if there are more pairs than there is room for; as `nearestNeighbours` does.
 */
export async function nearPairs(table: EmbeddingTable, options: NearPairsOptions): Promise<NearPair[]> {
  const { dimension } = table;
  const rows = table.data.length / dimension;
  const pairs = new Map<string, NearPair>();
  let asking = Array.from({ length: rows }, (_, row) => row);
  for (let k = firstNeighbours; asking.length > 0; k *= 4) {
    asking = await collect(table, options, asking, Math.min(k, rows), pairs);
    if (k >= rows) break;
  }
  return [...pairs.values()].sort((x, y) => x.distance - y.distance || x.a - y.a || x.b - y.b);
}

/** Collects the pairs of some rows; gives those rows that have more. */
async function collect(
  table: EmbeddingTable,
  { engine, distance, threshold, mostPairs = Number.POSITIVE_INFINITY, onProgress, signal }: NearPairsOptions,
  asking: readonly number[],
  k: number,
  pairs: Map<string, NearPair>,
): Promise<number[]> {
  const { dimension } = table;
  const { between } = searchDistanceByName(distance);
  const vectorOf = (row: number) => table.data.subarray(row * dimension, (row + 1) * dimension);
  const more: number[] = [];
  for await (const block of nearestNeighbours(table, { k, engine, distance }, rowsOfTable(table, asking))) {
    for (let query = 0; query < block.queryCount; query++) {
      const row = asking[block.firstQuery + query];
      let near = 0;
      for (let place = query * block.k; place < (query + 1) * block.k; place++) {
        if (block.distances[place] > threshold * slack.factor + slack.addend) break;
        near++;
        const other = block.indexes[place];
        if (other === row) continue;
        const [a, b] = row < other ? [row, other] : [other, row];
        const exact = between(vectorOf(a), vectorOf(b));
        if (exact <= threshold) pairs.set(`${a} ${b}`, { a, b, distance: exact });
      }
      if (pairs.size > mostPairs) throw tooManyPairs(mostPairs, threshold);
      if (near === block.k) more.push(row);
    }
    const done = block.firstQuery + block.queryCount;
    advance({ onProgress, signal }, { work: 'comparing', unit: 'images', done, total: asking.length });
  }
  return more;
}

function tooManyPairs(most: number, threshold: number): UsageError {
  return new UsageError(`more than ${most} pairs of images are within ${threshold}: ask for a smaller distance`, {
    path: 'maxDistance',
    expected: 'a smaller distance',
    value: threshold,
  });
}
