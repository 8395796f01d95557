import { describe, expect, it } from 'vitest';
import { type Rows, runLoss } from '../../../test/support/loss-run.ts';
import { relativeDifference } from '../../../test/support/relative-difference.ts';
import { asFloat32, classRows } from '../../../test/support/row-vectors.ts';
import { squaredEuclidean } from '../distances/squared-euclidean.ts';
import { contrastive } from './contrastive.ts';
import type { RankingLoss } from './loss.ts';
import { minerByName, minerNames } from './miners/miner-table.ts';
import { multiSimilarity } from './multi-similarity.ts';
import { minedTriplets } from './rows/mined-triplets.ts';
import { hingeTerm } from './rows/triplet-term.ts';
import { supervisedContrastive } from './supervised-contrastive.ts';

// Losses with embeddings of earlier batches beside the batch's own; against PyTorch in `test/losses-golden.test.ts`.

const dimension = 4;
const gap = 1.5;
const settings = { alpha: 2, beta: 20, base: 0.5, epsilon: 0.1 };
const pairLosses: Readonly<Record<string, (memoryRows: number) => RankingLoss>> = {
  contrastive: (memoryRows) => contrastive(1.2, memoryRows),
  'multi-similarity': (memoryRows) => multiSimilarity(settings, memoryRows),
  supcon: (memoryRows) => supervisedContrastive(0.3, memoryRows),
};
const tripletLosses = Object.fromEntries(
  minerNames.map((miner) => [
    miner,
    (memoryRows: number) =>
      minedTriplets(miner, hingeTerm(gap), squaredEuclidean, minerByName(miner).build(3), memoryRows),
  ]),
);

const batch: Rows = { data: classRows([0, 0, 1, 1, 2], dimension, 51, 0.2), labels: [0, 0, 1, 1, 2] };
/** Empty places are zeros with the label -1. */
const withEmptyPlaces = ({ data, labels }: Rows, empty: number): Rows => ({
  data: Float64Array.from([...data, ...new Float64Array(empty * dimension)]),
  labels: [...labels, ...Array<number>(empty).fill(-1)],
});
const nothing: Rows = { data: new Float64Array(0), labels: [] };

describe.each(Object.entries({ ...pairLosses, ...tripletLosses }))('%s', (name, make) => {
  it('is without a memory what it is with an empty one', async () => {
    const plain = await runLoss(make(0), dimension, batch);
    // As many numbers are drawn as there are candidates, so the draw itself is another one.
    const empty = await runLoss(make(6), dimension, batch, { memory: withEmptyPlaces(nothing, 6) });
    if (name === 'distance-weighted') {
      expect(Number.isFinite(empty.loss)).toBe(true);
      return;
    }
    expect(empty.loss).toBeCloseTo(plain.loss, 9);
    expect(empty.active).toBeCloseTo(plain.active, 12);
    // A pair moves one of its ends only: half as far where a loss is the same from both.
    if (name !== 'contrastive') return;
    const half = plain.gradient.map((value) => value / 2);
    expect(relativeDifference(empty.gradient, half)).toBeLessThan(1e-6);
  });

  it('is other with a full one, and 0 where nobody is to be compared', async () => {
    const labels = Array.from({ length: 40 }, (_, place) => place % 4);
    const memory = { data: asFloat32(classRows(labels, dimension, 52, 0.2)), labels };
    const plain = await runLoss(make(0), dimension, batch);
    const full = await runLoss(make(40), dimension, batch, { memory });
    expect(Math.abs(full.loss - plain.loss)).toBeGreaterThan(1e-3);
    const alone: Rows = { data: classRows([7], dimension, 1, 0), labels: [7] };
    const lonely = await runLoss(make(2), dimension, alone, { memory: withEmptyPlaces(nothing, 2) });
    expect({ loss: lonely.loss, active: lonely.active }).toEqual({ loss: 0, active: 0 });
    expect(lonely.gradient.every((value) => value === 0)).toBe(true);
  });
});

describe('a batch against a memory', () => {
  it.each(['semi-hard', 'batch-all', 'batch-hard'])('takes negatives of it and no positives: %s', async (name) => {
    const make = tripletLosses[name];
    const pair: Rows = { data: classRows([0, 0], dimension, 71, 0.2), labels: [0, 0] };
    const ofClass = { data: asFloat32(classRows([0, 0], dimension, 72, 0.2)), labels: [0, 0] };
    const without = await runLoss(make(2), dimension, pair, { memory: ofClass });
    expect({ loss: without.loss, active: without.active }).toEqual({ loss: 0, active: 0 });
    const other = { data: asFloat32(classRows([0, 1], dimension, 72, 0.2)), labels: [0, 1] };
    const run = await runLoss(make(2), dimension, pair, { memory: other });
    // Two triplets, (0, 1, memory 1) and (1, 0, memory 1).
    const row = (rows: Rows, index: number) => rows.data.slice(index * dimension, (index + 1) * dimension);
    const toPositive = squaredEuclidean.between(row(pair, 0), row(pair, 1));
    const costs = [0, 1].map((query) =>
      Math.max(0, gap + toPositive - squaredEuclidean.between(row(pair, query), row(other, 1))),
    );
    const counted = name === 'batch-all' ? costs.filter((cost) => cost > 0) : costs;
    expect(run.loss).toBeCloseTo(counted.reduce((sum, cost) => sum + cost, 0) / Math.max(1, counted.length), 9);
    expect(run.loss).toBeGreaterThan(0);
  });
});
