import { describe, expect, it } from 'vitest';
import { semiHardTriplets } from '../../../test/oracles/miners/semi-hard.ts';
import { runGraph } from '../../../test/support/run-graph.ts';
import { unitRows } from '../../../test/support/unit-rows.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { euclidean } from '../distances/euclidean.ts';
import { squaredEuclidean } from '../distances/squared-euclidean.ts';
import { batchMeanHinge } from './batch-mean-hinge.ts';
import { hinge } from './hinge.ts';
import type { LossParameters, RankingLoss } from './loss.ts';
import { semiHard } from './semi-hard.ts';
import { supervisedContrastive } from './supervised-contrastive.ts';

const dimension = 5;
const nothingLearnt: LossParameters = {
  parameter: (name) => {
    throw new Error(`no loss here learns '${name}'`);
  },
};

async function evaluate(loss: RankingLoss, data: Float64Array, labels: readonly number[] = []) {
  const rows = data.length / dimension;
  const graph = new Graph();
  const embedding = graph.input('embedding', 'float64', [rows, dimension]);
  const { loss: value, activeShare } = loss.build(embedding, nothingLearnt);
  graph.output('loss', value);
  graph.output('active', activeShare);
  const feeds = {
    embedding: tensor('float64', [rows, dimension], data),
    ...loss.feeds(labels, RandomSource.fromSeed(0)),
  };
  const results = await runGraph(graph, feeds);
  return { loss: toNumbers(results.loss)[0], active: toNumbers(results.active)[0] };
}

const row = (data: Float64Array, index: number) => data.subarray(index * dimension, (index + 1) * dimension);
const squared = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Hinge terms of a batch of triplets by a scalar loop. */
function hingeTerms(data: Float64Array, gap: number, distance: (a: Float64Array, b: Float64Array) => number): number[] {
  const terms: number[] = [];
  for (let first = 0; first < data.length / dimension; first += 3) {
    const [q, p, n] = [row(data, first), row(data, first + 1), row(data, first + 2)];
    terms.push(gap + distance(q, p) - distance(q, n));
  }
  return terms;
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const someButNotAll = (active: number) => {
  expect(active).toBeGreaterThan(0);
  expect(active).toBeLessThan(1);
};

describe('hinge', () => {
  it.each([
    ['squared-euclidean', squaredEuclidean, squared],
    ['euclidean', euclidean, (a: Float64Array, b: Float64Array) => Math.sqrt(squared(a, b))],
  ] as const)('is the mean over triplets of the scalar formula, %s', async (_, distance, scalar) => {
    const data = unitRows(36, dimension, 1);
    const terms = hingeTerms(data, 0.3, scalar);
    const { loss, active } = await evaluate(hinge(0.3, distance), data);
    expect(loss).toBeCloseTo(mean(terms.map((term) => Math.max(0, term))), 6);
    expect(active).toBeCloseTo(mean(terms.map((term) => (term > 0 ? 1 : 0))), 12);
    someButNotAll(active);
  });

  it('does not let an easy triplet pay for a violated one', async () => {
    // One violated triplet (q equal to n, p opposite: term 0.2 + 4) and one very easy one (term 0.2 - 4).
    const e = [1, 0, 0, 0, 0];
    const opposite = [-1, 0, 0, 0, 0];
    const data = Float64Array.from([e, opposite, e, e, e, opposite].flat());
    expect((await evaluate(hinge(0.2, squaredEuclidean), data)).loss).toBeCloseTo(2.1, 12);
    const meanFirst = batchMeanHinge(0.2, squaredEuclidean);
    expect((await evaluate(meanFirst, data)).loss).toBeLessThan(0.5);
  });

  it('stands at the gap when all embeddings are equal', async () => {
    const equal = Float64Array.from(Array.from({ length: 6 }, () => [1, 0, 0, 0, 0]).flat());
    expect((await evaluate(hinge(0.7, squaredEuclidean), equal)).loss).toBeCloseTo(0.7, 12);
  });

  it('refuses rows that are not in threes, a gap of nothing and a gap out of reach', async () => {
    await expect(evaluate(hinge(0.2, euclidean), unitRows(4, dimension, 1))).rejects.toThrow(/in threes.*got 4 rows/);
    expect(() => hinge(0, euclidean)).toThrow(/above 0/);
    expect(() => hinge(2.5, euclidean)).toThrow(/beyond 2, the largest euclidean distance/);
    expect(() => hinge(4.5, squaredEuclidean)).toThrow(/beyond 4/);
  });
});

describe('batch-mean-hinge', () => {
  it('clips to positive components and takes the maximum once, of the mean', async () => {
    const data = unitRows(36, dimension, 2);
    const clipped = data.map((value) => Math.min(Math.max(value, 1e-7), 1 - 1e-7));
    const terms = hingeTerms(clipped, 1, (a, b) => Math.sqrt(squared(a, b)));
    const { loss, active } = await evaluate(batchMeanHinge(1, euclidean), data);
    expect(loss).toBeCloseTo(Math.max(0, mean(terms)), 6);
    expect(active).toBeCloseTo(mean(terms.map((term) => (term > 0 ? 1 : 0))), 12);
    expect(terms.some((term) => term > 0)).toBe(true);
  });
});

describe('semi-hard', () => {
  const labels = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3];

  it('is the mean hinge over the triplets that the numeric miner finds', async () => {
    const data = unitRows(12, dimension, 3);
    const triplets = semiHardTriplets(data, dimension, labels);
    const terms = triplets.map(
      ({ query, positive, negative }) =>
        0.2 + squared(row(data, query), row(data, positive)) - squared(row(data, query), row(data, negative)),
    );
    expect(triplets.length).toBe(24);
    const { loss, active } = await evaluate(semiHard(0.2, squaredEuclidean, 3), data, labels);
    expect(loss).toBeCloseTo(mean(terms.map((term) => Math.max(0, term))), 6);
    expect(active).toBeCloseTo(mean(terms.map((term) => (term > 0 ? 1 : 0))), 12);
    someButNotAll(active);
  });

  it('counts only real pairs where classes have fewer rows than the batch allows', async () => {
    const data = unitRows(6, dimension, 4);
    const few = [0, 0, 0, 1, 1, 2];
    const triplets = semiHardTriplets(data, dimension, few);
    const terms = triplets.map(({ query, positive, negative }) =>
      Math.max(
        0,
        0.2 + squared(row(data, query), row(data, positive)) - squared(row(data, query), row(data, negative)),
      ),
    );
    expect((await evaluate(semiHard(0.2, squaredEuclidean, 4), data, few)).loss).toBeCloseTo(mean(terms), 6);
  });

  it('is 0 without a pair and without a negative, and refuses more rows of a class than it has room for', async () => {
    const data = unitRows(4, dimension, 5);
    expect(await evaluate(semiHard(0.2, squaredEuclidean, 4), data, [0, 1, 2, 3])).toEqual({ loss: 0, active: 0 });
    expect(await evaluate(semiHard(0.2, squaredEuclidean, 4), data, [1, 1, 1, 1])).toEqual({ loss: 0, active: 0 });
    await expect(evaluate(semiHard(0.2, squaredEuclidean, 2), data, [0, 0, 0, 1])).rejects.toThrow(/more than 2 rows/);
  });
});

describe('supcon', () => {
  it('is the scalar formula of Khosla et al., eq. 2', async () => {
    const labels = [0, 0, 0, 1, 1, 2];
    const temperature = 0.3;
    // Pulled a little towards a direction of their class, so that some rows are in order and some are not.
    const data = unitRows(6, dimension, 6);
    for (const [index, label] of labels.entries()) {
      const own = row(data, index);
      own[label] += 0.8;
      const length = Math.hypot(...own);
      for (let place = 0; place < dimension; place++) own[place] /= length;
    }
    const similarity = (i: number, j: number) => dot(row(data, i), row(data, j)) / temperature;
    const terms: number[] = [];
    let violated = 0;
    for (const [i, label] of labels.entries()) {
      const others = [...labels.keys()].filter((k) => k !== i);
      const positives = others.filter((k) => labels[k] === label);
      if (positives.length === 0) continue;
      const all = Math.log(others.reduce((sum, k) => sum + Math.exp(similarity(i, k)), 0));
      terms.push(-mean(positives.map((j) => similarity(i, j) - all)));
      const negatives = others.filter((k) => labels[k] !== label);
      const farthest = Math.min(...positives.map((j) => similarity(i, j)));
      if (Math.max(...negatives.map((j) => similarity(i, j))) > farthest) violated++;
    }
    const { loss, active } = await evaluate(supervisedContrastive(temperature), data, labels);
    expect(loss).toBeCloseTo(mean(terms), 6);
    expect(active).toBeCloseTo(violated / terms.length, 12);
    someButNotAll(active);
  });

  it('is 0 for a batch without a positive pair, and refuses a temperature of 0', async () => {
    const data = unitRows(4, dimension, 7);
    expect((await evaluate(supervisedContrastive(0.1), data, [0, 1, 2, 3])).loss).toBe(0);
    expect(() => supervisedContrastive(0)).toThrow(/above 0/);
  });
});
