import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../src/engines/engine.ts';
import { OnnxruntimeEngine } from '../src/engines/onnxruntime/onnxruntime-engine.ts';
import { backward } from '../src/graph/autodiff/backward.ts';
import { Graph } from '../src/graph/builder/graph.ts';
import { reduceSum } from '../src/graph/builder/operations.ts';
import { float32, toNumbers } from '../src/graph/tensor/tensor.ts';
import type { Distance } from '../src/ranking/distances/distance.ts';
import { distanceByName, distanceNames } from '../src/ranking/distances/distance-by-name.ts';
import { euclidean } from '../src/ranking/distances/euclidean.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

/** The gradient by `a` of the sum of all distances, [N, D] as plain numbers, in float32. */
async function gradient(distance: Distance, form: 'graph' | 'pairwise', a: number[][], b: number[][]) {
  const graph = new Graph();
  const left = graph.input('a', 'float32', [a.length, a[0].length]);
  const right = graph.input('b', 'float32', [b.length, b[0].length]);
  const [byA] = backward(reduceSum(distance[form](left, right)), [left]);
  graph.output('gradient', byA);
  const program = await engine.compile(graph);
  const feeds = {
    a: float32([a.length, a[0].length], a.flat()),
    b: float32([b.length, b[0].length], b.flat()),
  };
  const result = toNumbers((await program.run(feeds))['gradient']);
  await program.release();
  return result;
}

/** The same by central differences on the numeric form, in float64. */
function differences(distance: Distance, form: 'graph' | 'pairwise', a: number[][], b: number[][]): number[] {
  const sum = (rows: number[][]) =>
    rows
      .flatMap((row, i) => (form === 'graph' ? [distance.between(row, b[i])] : b.map((o) => distance.between(row, o))))
      .reduce((total, value) => total + value, 0);
  const step = 1e-6;
  return a.flatMap((row, i) =>
    row.map((_, d) => {
      const moved = (by: number) => sum(a.map((r, j) => (j === i ? r.map((x, e) => (e === d ? x + by : x)) : r)));
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
}

const a = [
  [0.6, 0.8, 0],
  [0, -1, 0],
  [0.3, 0.2, -0.9],
];
const b = [
  [0.5, 0.8, 0.1],
  [1, 0, 0],
  [-0.3, 0.4, 0.9],
];

describe.each(distanceNames.map((name) => [name, distanceByName(name)] as const))('gradient of %s', (_, distance) => {
  it.each(['graph', 'pairwise'] as const)('%s agrees with central differences', async (form) => {
    const found = await gradient(distance, form, a, b);
    const expected = differences(distance, form, a, b);
    const largest = Math.max(...expected.map(Math.abs));
    for (const [i, value] of expected.entries()) expect(Math.abs(found[i] - value)).toBeLessThan(1e-5 * largest);
  });

  it('is 0 to float32 rounding for identical rows', async () => {
    const rows = [[0.25, 0.5, -0.75]];
    for (const value of await gradient(distance, 'graph', rows, rows)) expect(Math.abs(value)).toBeLessThan(5e-7);
    for (const value of await gradient(distance, 'pairwise', rows, rows)) expect(Math.abs(value)).toBeLessThan(5e-7);
  });
});

describe('gradient of euclidean', () => {
  it('is 0 bit for bit for identical rows, and never longer than 1 near zero', async () => {
    const row = [0.6, 0.8, 0];
    expect((await gradient(euclidean, 'graph', [row], [row])).every((value) => value === 0)).toBe(true);
    for (const gap of [1e-12, 1e-8, 1e-6, 1e-4, 1e-2]) {
      const found = await gradient(euclidean, 'graph', [[0, 0, gap]], [[0, 0, 0]]);
      expect(found[0]).toBeCloseTo(0, 12);
      expect(found[2]).toBeCloseTo(gap / Math.sqrt(gap ** 2 + 1e-12), 5);
      expect(found[2]).toBeLessThanOrEqual(1);
    }
  });

  it('stays finite and small for every pair of rows that nearly coincide', async () => {
    const rows = Array.from({ length: 12 }, (_, k) => [Math.cos(1e-5 * k), Math.sin(1e-5 * k)]);
    for (const value of await gradient(euclidean, 'pairwise', rows, rows)) {
      expect(Math.abs(value)).toBeLessThan(rows.length * 2);
    }
  });
});
