import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { hashedUniform } from '../../../test/support/hashed-numbers.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { backward } from '../../graph/autodiff/backward.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { squaredEuclidean } from '../distances/squared-euclidean.ts';
import { TrainingScope } from '../networks/network-scope.ts';
import { hinge } from './hinge.ts';
import type { RankingLoss } from './loss.ts';
import { proxyAnchor } from './proxy-anchor.ts';
import { rankParts } from './rank-parts.ts';
import { semiHard } from './semi-hard.ts';
import { supervisedContrastive } from './supervised-contrastive.ts';

const rows = 12;
const dimension = 8;
const labels = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3];

/** Rows of unit length, somewhat nearer to their own class than to others. */
function unitRows(seed: string, length: number): number[][] {
  const values = hashedUniform(seed, rows * length).map((value) => value - 0.5);
  const centres = hashedUniform(`${seed} classes`, 4 * length).map((value) => value - 0.5);
  return Array.from({ length: rows }, (_, row) => {
    const own = Array.from(
      values.slice(row * length, (row + 1) * length),
      (value, place) => value + 0.7 * centres[labels[row] * length + place],
    );
    const norm = Math.hypot(...own);
    return own.map((value) => value / norm);
  });
}

const rowsTensor = (table: readonly (readonly number[])[]): Tensor =>
  tensor('float64', [table.length, table[0].length], Float64Array.from(table.flat())) as Tensor;

/** Loss, active share and gradient of a loss on given embeddings. */
function run(loss: RankingLoss, embedding: Tensor, parameters: Record<string, Tensor> = {}) {
  const graph = new Graph();
  const scope = new TrainingScope(graph);
  const input = graph.input('embedding', 'float32', embedding.shape);
  const { loss: value, activeShare } = loss.build(input, scope);
  graph.output('loss', value);
  graph.output('active', activeShare);
  graph.output('gradient', backward(value, [input])[0]);
  const feeds = { ...loss.feeds(labels, RandomSource.fromSeed(1)), ...parameters, embedding };
  const found = interpret(graph, feeds);
  return {
    loss: toNumbers(found['loss'])[0],
    active: toNumbers(found['active'])[0],
    gradient: Array.from(toNumbers(found['gradient'])),
    parameters: [...scope.parameters.keys()],
  };
}

const [first, second] = [unitRows('first', dimension), unitRows('second', dimension)];
const whole = rowsTensor(first.map((row, index) => [...row, ...second[index]].map((value) => value * Math.SQRT1_2)));

describe('rankParts', () => {
  it.each([
    ['supcon', supervisedContrastive(0.1)],
    ['semi-hard', semiHard(0.2, squaredEuclidean, 3)],
    ['hinge', hinge(1, squaredEuclidean)],
  ])('is the mean of the loss on each part, and so is its gradient: %s', (_, loss) => {
    const [a, b] = [run(loss, rowsTensor(first)), run(loss, rowsTensor(second))];
    const both = run(rankParts(loss, 2), whole);
    // The number that restores the length of a part is float32.
    expect(both.loss).toBeCloseTo((a.loss + b.loss) / 2, 5);
    expect(both.active).toBeCloseTo((a.active + b.active) / 2, 5);
    expect(both.active).toBeGreaterThan(0);
    expect(both.active).toBeLessThan(1);
    const expected = first.flatMap((_row, row) => {
      const of = ({ gradient }: { gradient: number[] }) => gradient.slice(row * dimension, (row + 1) * dimension);
      return [...of(a), ...of(b)].map((value) => (value * Math.SQRT2) / 2);
    });
    for (const [index, value] of both.gradient.entries()) expect(value).toBeCloseTo(expected[index], 6);
  });

  it('lets a loss learn its own tensors for each part', () => {
    const loss = proxyAnchor({ classes: 4, scale: 32, margin: 0.1, proxyRate: 100 });
    const proxies = ['one', 'two'].map((seed) => rowsTensor(unitRows(seed, dimension).slice(0, 4)));
    const named = Object.fromEntries(proxies.map((value, part) => [`part${part + 1}.loss.proxies`, value]));
    const [name] = run(loss, rowsTensor(first), { 'loss.proxies': proxies[0] }).parameters;
    const alone = [first, second].map((part, index) => run(loss, rowsTensor(part), { [name]: proxies[index] }).loss);
    const both = run(rankParts(loss, 2), whole, named);
    expect(both.parameters).toEqual([`part1.${name}`, `part2.${name}`]);
    expect(both.loss).toBeCloseTo((alone[0] + alone[1]) / 2, 5);
  });

  it('of one part is the loss itself', () => {
    const loss = supervisedContrastive(0.1);
    expect(rankParts(loss, 1)).toBe(loss);
  });

  it('refuses a memory', () => {
    expect(() => rankParts(supervisedContrastive(0.1, 24), 2)).toThrow(
      'a cross-batch memory keeps whole embeddings, but choices.hog ranks the 2 parts of one by themselves: leave one of them out',
    );
  });
});
