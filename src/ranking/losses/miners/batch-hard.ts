import {
  add,
  greater,
  indicator,
  lengthOf,
  less,
  mul,
  neg,
  reduceSum,
  slice,
  where,
} from '../../../graph/builder/operations.ts';
import { type Tensor, tensor } from '../../../graph/tensor/tensor.ts';
import { argMax, elementsAt, farAway } from './arg-max.ts';
import { defineMiner } from './define-miner.ts';
import type { TripletMiner } from './miner.ts';

/**
 * For every row of the batch as the query: its farthest positive in the batch, and its closest negative. One triplet a row.
 *
 * Shapes: [B] triplets. Ties: the first row. A row without a positive or without a negative is no query. It looks for the
 * worst everywhere, wrong labels included, and from random weights it tends to collapse: the loss then stands at the gap.
 * Source: Hermans, Beyer and Leibe 2017, section 2.2, L_BH.
 */
export const batchHardMiner: TripletMiner = {
  name: 'batch-hard',
  averagesOver: 'all',
  mine({ distances, relations }) {
    const { graph } = distances;
    const [rows, candidates] = [lengthOf(distances, 0), lengthOf(distances, 1)];
    const inBatch = [{ axis: 1, start: 0, end: rows }];
    const positive = candidates === rows ? relations.positive : slice(relations.positive, inBatch);
    const own = candidates === rows ? distances : slice(distances, inBatch);
    const hardestPositive = argMax(where(greater(positive, 0), own, -farAway));
    const hardestNegative = argMax(where(greater(relations.negative, 0), neg(distances), -farAway));
    const rowStart = graph.constant(rowStarts(rows, candidates), 'row_starts');
    const exists = (relation: typeof positive) => indicator(less(0, reduceSum(relation, [1])), distances);
    return {
      toPositive: elementsAt(distances, rows * candidates, add(rowStart, hardestPositive)),
      toNegative: elementsAt(distances, rows * candidates, add(rowStart, hardestNegative)),
      weight: mul(exists(positive), exists(relations.negative)),
    };
  },
  feeds: () => ({}),
};

function rowStarts(rows: number, candidates: number): Tensor {
  return tensor(
    'int64',
    [rows],
    BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * candidates)),
  );
}

/** For the table. */
export const batchHard = defineMiner({ name: 'batch-hard', hardestOnly: true, build: () => batchHardMiner });
