import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import type { Pooling } from '../networks/trunk-config.ts';
import type { FeatureAxes } from './feature-axes.ts';
import { featureVector } from './feature-vector.ts';

function data(length: number): Float64Array<ArrayBuffer> {
  const random = RandomSource.fromSeed(3);
  return Float64Array.from({ length }, () => 4 * random.uniform() - 1);
}

function pooled(shape: readonly number[], axes: FeatureAxes, pooling?: Pooling, unit?: true): number[] {
  const graph = new Graph();
  const value = graph.input('value', 'float64', shape);
  const options = { ...(pooling === undefined ? {} : { pooling }), ...(unit === undefined ? {} : { unit }) };
  graph.output('vector', featureVector(value, axes, options));
  const length = shape.reduce((all, one) => all * one, 1);
  const { vector } = interpret(graph, { value: tensor('float64', shape, data(length)) });
  expect(vector.shape).toHaveLength(2);
  return toNumbers(vector);
}

/** Numbers of channel `c` of picture `n` in a map [2, 3, 4, 5]. */
const ofChannel = (n: number, c: number) => [...data(120).slice((n * 3 + c) * 20, (n * 3 + c + 1) * 20)];
const rows = (of: (values: readonly number[]) => number) =>
  [0, 1].flatMap((n) => [0, 1, 2].map((c) => of(ofChannel(n, c))));

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expect(Math.max(...found.map((value, place) => Math.abs(value - expected[place])))).toBeLessThan(1e-12);
}

describe('featureVector', () => {
  const map = { channels: [1], places: [2, 3] };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('is the mean of the places', () => {
    expectClose(pooled([2, 3, 4, 5], map), rows(mean));
    expectClose(pooled([2, 3, 4, 5], map, 'mean'), rows(mean));
  });

  it('is the generalised mean with the exponent 3, of what is above zero', () => {
    const generalized = (values: readonly number[]) =>
      Math.cbrt(mean(values.map((value) => Math.max(value, 1e-6) ** 3)));
    expectClose(pooled([2, 3, 4, 5], map, 'generalized-mean'), rows(generalized));
  });

  it('is the means over a grid of 3 x 3 cells, row by row, each of all channels', () => {
    // Of 4 x 5 places: rows 0; 1 and 2; 3. Columns 0 and 1; 2; 3 and 4.
    const [down, across] = [
      [0, 1, 3, 4],
      [0, 2, 3, 5],
    ];
    const cell = (values: readonly number[], i: number, j: number) =>
      mean(
        values.filter((_, place) => {
          const [y, x] = [Math.floor(place / 5), place % 5];
          return y >= down[i] && y < down[i + 1] && x >= across[j] && x < across[j + 1];
        }),
      );
    const cells = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [i, j] as const));
    const expected = [0, 1].flatMap((n) =>
      cells.flatMap(([i, j]) => [0, 1, 2].map((c) => cell(ofChannel(n, c), i, j))),
    );
    expectClose(pooled([2, 3, 4, 5], map, 'grid'), expected);
  });

  it('is the first of the tokens, or the first place of a map', () => {
    expectClose(
      pooled([2, 3, 4, 5], map, 'first'),
      rows(([first]) => first),
    );
    const tokens = pooled([2, 5, 3], { channels: [2], places: [1] }, 'first');
    expectClose(tokens, [...data(30).slice(0, 3), ...data(30).slice(15, 18)]);
  });

  it('comes to length 1 if asked, and a vector is left as it is', () => {
    const vector = { channels: [1], places: [] };
    expectClose(pooled([2, 3], vector, 'generalized-mean'), [...data(6)]);
    const unit = pooled([2, 3], vector, 'mean', true);
    expect(Math.hypot(...unit.slice(0, 3))).toBeCloseTo(1, 12);
  });
});
