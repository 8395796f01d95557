import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import type { NeighbourBlock } from '../neighbours/neighbour-block.ts';
import { meanAveragePrecisionAtR } from './mean-average-precision-at-r.ts';
import { precisionAtK } from './precision-at-k.ts';
import { rPrecision } from './r-precision.ts';
import type { Ranking } from './ranking.ts';
import { recallAtK } from './recall-at-k.ts';

/** A measure of one query's ranking, from 0 to 1; its mean over queries goes by the same name. */
export interface RetrievalMeasure {
  readonly name: `recallAt${number}` | `precisionAt${number}` | 'rPrecision' | 'mapAtR';
  readonly ofQuery: (ranking: Ranking) => number;
}

/**
 * Recall@K and precision@K for each of `ks`, R-precision and MAP@R.
 *
 * @throws if one of `ks` is not a whole number of at least 1.
 */
export function retrievalMeasures(ks: readonly number[]): readonly RetrievalMeasure[] {
  const wrong = ks.find((k) => !Number.isInteger(k) || k < 1);
  const expected = 'a whole number of at least 1';
  if (wrong !== undefined) {
    throw new UsageError(`ks: every K must be ${expected}, got ${wrong}`, { path: 'ks', expected, value: wrong });
  }
  const different = [...new Set(ks)];
  return [
    ...different.map((k) => ({ name: `recallAt${k}`, ofQuery: (ranking: Ranking) => recallAtK(ranking, k) }) as const),
    ...different.map(
      (k) => ({ name: `precisionAt${k}`, ofQuery: (ranking: Ranking) => precisionAtK(ranking, k) }) as const,
    ),
    { name: 'rPrecision', ofQuery: rPrecision },
    { name: 'mapAtR', ofQuery: meanAveragePrecisionAtR },
  ] satisfies readonly RetrievalMeasure[];
}

/**
 * Every measure of every query that has a relevant image, its own class being relevant: one array a measure, an element
 * a query, in the order of the queries. Queries alone in their class are left out.
 *
 * @param onQueries is told how many images have asked so far. What it throws stops the work.
 * @param queries the image of each query, where not every image is one in its turn.
 */
export async function measureQueries(
  measures: readonly RetrievalMeasure[],
  blocks: AsyncIterable<NeighbourBlock>,
  labels: ArrayLike<number>,
  images: ImagesByClass,
  onQueries?: (queries: number) => void,
  queries?: ArrayLike<number>,
): Promise<Float64Array[]> {
  const values = measures.map(() => new Float64Array(queries?.length ?? labels.length));
  let scored = 0;
  for await (const { firstQuery, queryCount, k, indexes } of blocks) {
    for (let row = 0; row < queryCount; row++) {
      const query = queries?.[firstQuery + row] ?? firstQuery + row;
      const relevantCount = images.positiveCount(query);
      if (relevantCount === 0) continue;
      const relevant = new Uint8Array(k);
      for (let place = 0; place < k; place++) {
        relevant[place] = labels[indexes[row * k + place]] === labels[query] ? 1 : 0;
      }
      for (const [m, { ofQuery }] of measures.entries()) values[m][scored] = ofQuery({ relevant, relevantCount });
      scored++;
    }
    onQueries?.(firstQuery + queryCount);
  }
  return values.map((column) => column.slice(0, scored));
}
