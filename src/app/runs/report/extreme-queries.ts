import { meanAveragePrecisionAtR } from '../../../evaluation/measures/mean-average-precision-at-r.ts';
import type { NeighbourBlock } from '../../../evaluation/neighbours/neighbour-block.ts';
import { ImagesByClass } from '../../../ranking/triplets/images-by-class.ts';

/** Rows of a table of embeddings whose queries find most and least. */
export interface ExtremeQueries {
  readonly best: readonly number[];
  readonly worst: readonly number[];
}

interface Scored {
  readonly row: number;
  readonly score: number;
  /** Distance of the first neighbour of another class. */
  readonly firstWrong: number;
}

/**
 * The queries with the highest and the lowest MAP@R, at most one of a class on each side, none on both. Of equally good ones
 * those come first whose nearest wrong neighbour is farthest; of equally bad ones those whose nearest wrong neighbour is
 * nearest. Images alone in their class are no queries.
 *
 * @param blocks the neighbours of all rows; a query's score is exact where it has as many as its class has other images.
 */
export function extremeQueries(
  blocks: readonly NeighbourBlock[],
  labels: ArrayLike<number>,
  count: number,
): ExtremeQueries {
  const images = new ImagesByClass(labels);
  const scored: Scored[] = [];
  for (const { firstQuery, queryCount, k, indexes, distances } of blocks) {
    for (let query = 0; query < queryCount; query++) {
      const row = firstQuery + query;
      const relevantCount = images.positiveCount(row);
      if (relevantCount === 0) continue;
      const relevant = Uint8Array.from({ length: k }, (_, rank) =>
        labels[indexes[query * k + rank]] === labels[row] ? 1 : 0,
      );
      const wrong = relevant.indexOf(0);
      const firstWrong = wrong < 0 ? Number.POSITIVE_INFINITY : distances[query * k + wrong];
      scored.push({ row, score: meanAveragePrecisionAtR({ relevant, relevantCount }), firstWrong });
    }
  }
  scored.sort((a, b) => b.score - a.score || compare(b.firstWrong, a.firstWrong) || a.row - b.row);
  const half = Math.min(count, Math.floor(scored.length / 2));
  const best = onePerClass(scored, labels, half);
  const taken = new Set(best);
  return {
    best,
    worst: onePerClass(
      scored.reverse().filter(({ row }) => !taken.has(row)),
      labels,
      half,
    ),
  };
}

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);

function onePerClass(scored: readonly Scored[], labels: ArrayLike<number>, count: number): number[] {
  const chosen = new Map<number, number>();
  for (const { row } of scored) {
    if (chosen.size >= count) break;
    if (!chosen.has(labels[row])) chosen.set(labels[row], row);
  }
  return [...chosen.values()];
}
