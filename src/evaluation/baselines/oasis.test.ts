import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { Oasis } from './oasis.ts';

const dimension = 7;

function randomTable(rows: number, seed: number) {
  const random = RandomSource.fromSeed(seed, 'oasis test');
  // Some zeros, which are passed over.
  const data = Float32Array.from({ length: rows * dimension }, () => Math.max(0, random.between(-0.5, 1)));
  return { data, dimension };
}

const rowOf = ({ data }: { readonly data: Float32Array }, row: number) => [
  ...data.subarray(row * dimension, (row + 1) * dimension),
];

/** `q^T W x` as a double loop. */
function bilinear(matrix: readonly (readonly number[])[], q: readonly number[], x: readonly number[]): number {
  let sum = 0;
  for (const [i, row] of matrix.entries()) for (const [j, weight] of row.entries()) sum += q[i] * weight * x[j];
  return sum;
}

/** One update as the paper writes it: `V` as a matrix of its own, then its squared norm, then the step. */
function updated(matrix: number[][], q: number[], p: number[], n: number[], c: number) {
  const loss = Math.max(0, 1 - bilinear(matrix, q, p) + bilinear(matrix, q, n));
  const v = q.map((a) => p.map((b, j) => a * (b - n[j])));
  const norm = v.flat().reduce((sum, value) => sum + value * value, 0);
  const tau = Math.min(c, loss / norm);
  return { loss, matrix: matrix.map((row, i) => row.map((weight, j) => weight + tau * v[i][j])) };
}

const identity = (): number[][] =>
  Array.from({ length: dimension }, (_, i) => Array.from({ length: dimension }, (_, j) => (i === j ? 1 : 0)));

describe('Oasis', () => {
  it('starts as the scalar product', () => {
    const table = randomTable(3, 1);
    const expected = rowOf(table, 0).reduce((sum, value, i) => sum + value * rowOf(table, 2)[i], 0);
    expect(new Oasis(dimension).similarity(table, 0, 2)).toBeCloseTo(expected, 12);
  });

  it.each([0.05, 0.1, 1e9])('learns as the formula does over many triplets, with C = %d', (aggressiveness) => {
    const table = randomTable(20, 2);
    const random = RandomSource.fromSeed(5, 'oasis triplets');
    const oasis = new Oasis(dimension, { aggressiveness });
    let matrix = identity();
    let active = 0;
    for (let step = 0; step < 200; step++) {
      const [query, positive, negative] = [random.integer(20), random.integer(20), random.integer(20)];
      if (positive === negative) continue;
      const next = updated(matrix, rowOf(table, query), rowOf(table, positive), rowOf(table, negative), aggressiveness);
      expect(oasis.learn(table, { query, positive, negative })).toBeCloseTo(next.loss, 9);
      matrix = next.matrix;
      active += next.loss > 0 ? 1 : 0;
    }
    expect(active).toBeGreaterThan(20);
    const differences = Array.from(oasis.matrix, (weight, i) => Math.abs(weight - matrix.flat()[i]));
    expect(Math.max(...differences)).toBeLessThan(1e-8);
  });

  it('leaves no loss on a triplet that C does not hold back, by the smallest change: along q (p - n)^T', () => {
    const table = { data: Float32Array.from([1, 0, 2, 1, 0, 0, 0, 3, 1]), dimension: 3 };
    const triplet: Triplet = { query: 0, positive: 1, negative: 2 };
    const oasis = new Oasis(3, { aggressiveness: 1e9 });
    // S(q, p) = 1, S(q, n) = 2, so the loss is 2; |q|^2 = 5, |p - n|^2 = 1 + 9 + 1 = 11, tau = 2 / 55.
    expect(oasis.learn(table, triplet)).toBe(2);
    const tau = 2 / 55;
    const expected = [1 + tau, -3 * tau, -tau, 0, 1, 0, 2 * tau, -6 * tau, 1 - 2 * tau];
    for (const [i, weight] of oasis.matrix.entries()) expect(weight).toBeCloseTo(expected[i], 12);
    expect(oasis.similarity(table, 0, 1) - oasis.similarity(table, 0, 2)).toBeCloseTo(1, 12);
    expect(oasis.learn(table, triplet)).toBeCloseTo(0, 12);
  });

  it('changes nothing where a triplet is in order, or no change could help', () => {
    const table = { data: Float32Array.from([2, 0, 1, 0, 0, 1, 0, 0]), dimension: 2 };
    const oasis = new Oasis(2);
    const before = [...oasis.matrix];
    expect(oasis.learn(table, { query: 0, positive: 1, negative: 2 })).toBe(0);
    expect(oasis.learn(table, { query: 3, positive: 1, negative: 2 })).toBe(1);
    expect(oasis.learn(table, { query: 0, positive: 1, negative: 1 })).toBe(1);
    expect([...oasis.matrix]).toEqual(before);
  });

  it('gives queries whose scalar product with a row is the similarity', () => {
    const table = randomTable(6, 3);
    const oasis = new Oasis(dimension);
    for (let negative = 2; negative < 6; negative++) oasis.learn(table, { query: 0, positive: 1, negative });
    const queries = oasis.queries(table);
    for (let query = 0; query < 6; query++) {
      for (let other = 0; other < 6; other++) {
        const product = rowOf(queries, query).reduce((sum, value, i) => sum + value * rowOf(table, other)[i], 0);
        expect(product).toBeCloseTo(oasis.similarity(table, query, other), 5);
      }
    }
  });

  it('learns a relation that the scalar product does not have', () => {
    // Alike are those whose second half is the mirror of the first: no feature is shared.
    const random = RandomSource.fromSeed(8, 'oasis relation');
    const kinds = 4;
    const data = new Float32Array(80 * 8);
    for (let row = 0; row < 80; row++) data[row * 8 + (row % kinds) + (row < 40 ? 0 : kinds)] = 1;
    const table = { data, dimension: 8 };
    const draw = (): Triplet => {
      const query = random.integer(40);
      const [positive, negative] = [40 + random.integer(40), 40 + random.integer(40)];
      return positive % kinds === query % kinds && negative % kinds !== query % kinds
        ? { query, positive, negative }
        : draw();
    };
    const inOrder = (oasis: Oasis) =>
      Array.from({ length: 200 }, draw).filter(
        ({ query, positive, negative }) =>
          oasis.similarity(table, query, positive) > oasis.similarity(table, query, negative),
      ).length;
    const oasis = new Oasis(8);
    expect(inOrder(oasis)).toBe(0);
    for (let step = 0; step < 500; step++) oasis.learn(table, draw());
    expect(inOrder(oasis)).toBe(200);
  });

  it('gives the same bits again', () => {
    const table = randomTable(10, 4);
    const run = () => {
      const oasis = new Oasis(dimension);
      for (let i = 0; i < 30; i++)
        oasis.learn(table, { query: i % 10, positive: (i + 1) % 10, negative: (i + 4) % 10 });
      return oasis.matrix;
    };
    expect(run()).toEqual(run());
  });

  it('refuses wrong numbers', () => {
    expect(() => new Oasis(0)).toThrow('a whole number of at least 1, got 0');
    expect(() => new Oasis(3, { aggressiveness: 0 })).toThrow('aggressiveness: a number above 0 is expected');
    const oasis = new Oasis(3);
    expect(() => oasis.learn(randomTable(3, 1), { query: 0, positive: 1, negative: 2 })).toThrow('these have 7');
    expect(() => oasis.queries(randomTable(3, 1))).toThrow('features of 3 numbers');
  });
});
