import { describe, expect, it } from 'vitest';
import { batchAllTriplets } from '../../../../test/oracles/miners/batch-all.ts';
import { batchHardTriplets } from '../../../../test/oracles/miners/batch-hard.ts';
import { negativeProbabilities } from '../../../../test/oracles/miners/distance-weighted.ts';
import { semiHardTriplets } from '../../../../test/oracles/miners/semi-hard.ts';
import { differencesOf, type Rows, runLoss } from '../../../../test/support/loss-run.ts';
import { relativeDifference } from '../../../../test/support/relative-difference.ts';
import { classRows, meanOf, rowOf, squaredBetween } from '../../../../test/support/row-vectors.ts';
import { unitRows } from '../../../../test/support/unit-rows.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { type Tensor, toNumbers } from '../../../graph/tensor/tensor.ts';
import { euclidean } from '../../distances/euclidean.ts';
import { squaredEuclidean } from '../../distances/squared-euclidean.ts';
import type { Triplet } from '../../triplets/triplet.ts';
import type { RankingLoss } from '../loss.ts';
import { minedTriplets } from '../rows/mined-triplets.ts';
import { hingeTerm, softMarginTerm } from '../rows/triplet-term.ts';
import { miningNoiseInput } from './distance-weighted.ts';
import { type MinerName, minerByName, minerNames } from './miner-table.ts';

// The graph's miners against those in plain loops: the loss and its gradient by every embedding, in float64, with classes of
// different sizes and a row alone in its class.

const dimension = 5;
const labels = [0, 0, 0, 1, 1, 2, 2, 2, 3];
const rows: Rows = { data: classRows(labels, dimension, 11, 0.9), labels };

/** What distance-weighted mining draws from its fed numbers: the largest of log probability plus Gumbel noise. */
function drawnTriplets(data: Float64Array, labels: readonly number[], noise: Tensor): Triplet[] {
  const numbers = toNumbers(noise);
  const pairs = labels.flatMap((label, query) =>
    [...labels.keys()].filter((row) => row !== query && labels[row] === label).map((positive) => ({ query, positive })),
  );
  return pairs.flatMap(({ query, positive }, pair) => {
    const scores = negativeProbabilities(data, dimension, labels, query).map(
      (probability, row) => Math.log(probability) - Math.log(-Math.log(numbers[pair * labels.length + row])),
    );
    const best = Math.max(...scores);
    return best === Number.NEGATIVE_INFINITY ? [] : [{ query, positive, negative: scores.indexOf(best) }];
  });
}

function triplets(
  miner: MinerName,
  data: Float64Array,
  labels: readonly number[],
  feeds: Readonly<Record<string, Tensor>>,
) {
  switch (miner) {
    case 'semi-hard':
      return semiHardTriplets(data, dimension, labels);
    case 'batch-all':
      return [...batchAllTriplets(labels)];
    case 'batch-hard':
      return batchHardTriplets(data, dimension, labels);
    case 'distance-weighted':
      return drawnTriplets(data, labels, feeds[miningNoiseInput]);
  }
}

const terms = {
  hinge: { term: hingeTerm(0.3), cost: (difference: number) => Math.max(0, 0.3 + difference), active: -0.3 },
  'soft-margin': { term: softMarginTerm, cost: (difference: number) => Math.log1p(Math.exp(difference)), active: 0 },
} as const;
const distances = {
  'squared-euclidean': { distance: squaredEuclidean, between: squaredBetween },
  euclidean: { distance: euclidean, between: (a: Float64Array, b: Float64Array) => Math.sqrt(squaredBetween(a, b)) },
} as const;

const lossOf = (
  miner: MinerName,
  term: keyof typeof terms,
  distance: keyof typeof distances,
  memory = 0,
): RankingLoss =>
  minedTriplets(
    `${term}, ${miner}`,
    terms[term].term,
    distances[distance].distance,
    minerByName(miner).build(3),
    memory,
  );

const cases = minerNames.flatMap((miner) =>
  (['hinge', 'soft-margin'] as const).flatMap((term) =>
    (['squared-euclidean', 'euclidean'] as const).map((distance) => ({ miner, term, distance })),
  ),
);

describe.each(cases)('$term with $miner on $distance distances', ({ miner, term, distance }) => {
  const { cost, active } = terms[term];
  const { between } = distances[distance];

  it('has the value and gradient of the scalar formula over the triplets that plain loops find', async () => {
    const run = await runLoss(lossOf(miner, term, distance), dimension, rows, { seed: 3 });
    const found = triplets(miner, rows.data, labels, run.feeds);
    const differences = (data: Float64Array) =>
      found.map(({ query, positive, negative }) => {
        const [q, p, n] = [query, positive, negative].map((row) => rowOf(data, dimension, row));
        return between(q, p) - between(q, n);
      });
    const scalar = (data: Float64Array) => {
      const costs = differences(data).map(cost);
      return meanOf(miner === 'batch-all' ? costs.filter((value) => value > 0) : costs);
    };
    expect(run.loss).toBeCloseTo(scalar(rows.data), 9);
    expect(relativeDifference(run.gradient, differencesOf(scalar, rows.data))).toBeLessThan(1e-6);
    const share = meanOf(differences(rows.data).map((difference) => (difference > active ? 1 : 0)));
    expect(run.active).toBeCloseTo(share, 12);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
  });

  it.each([
    ['no positive pair', [0, 1, 2, 3]],
    ['no negative', [1, 1, 1]],
  ] as const)('is 0 with a gradient of 0 where there is %s', async (_, alike) => {
    const data = unitRows(alike.length, dimension, 4);
    const { loss, active, gradient } = await runLoss(lossOf(miner, term, distance), dimension, { data, labels: alike });
    expect({ loss, active }).toEqual({ loss: 0, active: 0 });
    expect(gradient.every((value) => value === 0)).toBe(true);
  });

  it('stands at its collapsed value, with a gradient of 0, when all embeddings are equal', async () => {
    const data = Float64Array.from(labels.flatMap(() => [0, 0.6, 0, 0, 0.8]));
    const loss = lossOf(miner, term, distance);
    const run = await runLoss(loss, dimension, { data, labels });
    expect(run.loss).toBeCloseTo(loss.collapsedValue!, 9);
    expect(Math.max(...run.gradient.map(Math.abs))).toBeLessThan(1e-9);
  });
});

describe('a triplet that costs nothing', () => {
  it('are found by name alone', () => {
    expect(minerNames.map((name) => minerByName(name).build(3).name)).toEqual(minerNames);
    expect(() => minerByName('hard' as MinerName)).toThrow(
      "there is no miner 'hard': it is one of semi-hard, batch-all",
    );
  });

  it.each(minerNames)('gives loss 0 and gradient 0 with %s, not a mean of nothing', async (miner) => {
    // Two classes at opposite ends: no triplet is within the gap.
    const data = Float64Array.from([1, 0, 0, 0, 0, 0.96, 0.28, 0, 0, 0, -1, 0, 0, 0, 0, -0.96, 0.28, 0, 0, 0]);
    const run = await runLoss(lossOf(miner, 'hinge', 'squared-euclidean'), dimension, { data, labels: [0, 0, 1, 1] });
    expect({ loss: run.loss, active: run.active }).toEqual({ loss: 0, active: 0 });
    expect(run.gradient.every((value) => value === 0)).toBe(true);
  });
});

describe('distance-weighted mining', () => {
  it('draws by its probabilities', async () => {
    const loss = lossOf('distance-weighted', 'hinge', 'squared-euclidean');
    const few: Rows = { data: classRows([0, 0, 1, 1, 2], dimension, 5, 0.7), labels: [0, 0, 1, 1, 2] };
    const probabilities = negativeProbabilities(few.data, dimension, few.labels, 0);
    const counts = few.labels.map(() => 0);
    const draws = 3000;
    for (let seed = 0; seed < draws; seed++) {
      const noise = loss.feeds(few.labels, RandomSource.fromSeed(seed));
      counts[drawnTriplets(few.data, few.labels, noise[miningNoiseInput])[0].negative]++;
    }
    for (const [row, count] of counts.entries()) {
      const deviation = Math.sqrt(draws * probabilities[row] * (1 - probabilities[row]));
      expect(Math.abs(count - draws * probabilities[row])).toBeLessThanOrEqual(4 * deviation);
    }
  });

  it('refuses embeddings of one dimension', async () => {
    const loss = lossOf('distance-weighted', 'hinge', 'squared-euclidean');
    const one = { data: Float64Array.of(1, 1, -1), labels: [0, 0, 1] };
    await expect(runLoss(loss, 1, one)).rejects.toThrow('at least 2 dimensions');
  });
});

describe('a miner that lists pairs', () => {
  it.each(['semi-hard', 'batch-all', 'distance-weighted'] as const)(
    'refuses too many rows of a class: %s',
    async (miner) => {
      const crowded = { data: unitRows(5, dimension, 1), labels: [0, 0, 0, 0, 0] };
      await expect(runLoss(lossOf(miner, 'hinge', 'euclidean'), dimension, crowded)).rejects.toThrow(
        'more than 3 rows',
      );
    },
  );
});
