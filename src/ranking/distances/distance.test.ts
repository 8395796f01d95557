import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { float32, toNumbers } from '../../graph/tensor/tensor.ts';
import { cosine } from './cosine.ts';
import type { Distance } from './distance.ts';
import { distanceByName, distanceNames } from './distance-by-name.ts';
import { euclidean } from './euclidean.ts';
import { squaredEuclidean } from './squared-euclidean.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const onCircle = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];

/** Rows on the unit circle: two alike, two a hair apart, one at a right angle, one opposite. */
const circle = [0, 0, 0.5, 90, 180].map(onCircle);

/** The definitions once more, one element at a time and in another form, by angle and chord. */
const byAngle: { readonly [name: string]: (degrees: number) => number } = {
  euclidean: (degrees) => 2 * Math.sin((degrees * Math.PI) / 360),
  'squared-euclidean': (degrees) => 2 - 2 * Math.cos((degrees * Math.PI) / 180),
  cosine: (degrees) => 1 - Math.cos((degrees * Math.PI) / 180),
};

async function run(distance: Distance, a: number[][], b: number[][]): Promise<{ rows: number[]; pairs: number[] }> {
  const graph = new Graph();
  const left = graph.input('a', 'float32', [a.length, a[0].length]);
  const right = graph.input('b', 'float32', [b.length, b[0].length]);
  if (a.length === b.length) graph.output('rows', distance.graph(left, right));
  graph.output('pairs', distance.pairwise(left, right));
  const program = await engine.compile(graph);
  const results = await program.run({
    a: float32([a.length, a[0].length], a.flat()),
    b: float32([b.length, b[0].length], b.flat()),
  });
  await program.release();
  expect(results['pairs'].shape).toEqual([a.length, b.length]);
  return { rows: results['rows'] ? toNumbers(results['rows']) : [], pairs: toNumbers(results['pairs']) };
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(tolerance);
}

describe.each(distanceNames.map((name) => [name, distanceByName(name)] as const))('%s', (name, distance) => {
  it('has the name it is known by', () => expect(distance.name).toBe(name));

  it('follows the angle between unit vectors', () => {
    for (const degrees of [0, 10, 60, 90, 135, 180]) {
      expect(distance.between(onCircle(20), onCircle(20 + degrees))).toBeCloseTo(byAngle[name](degrees), 12);
    }
  });

  it('is at most `largest` on unit vectors, and reaches it', () => {
    expect(distance.between([0, 1], [0, -1])).toBeCloseTo(distance.largest, 12);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        (a, b) => {
          const value = distance.between(onCircle(a), onCircle(b));
          expect(value).toBeGreaterThanOrEqual(-1e-15);
          expect(value).toBeLessThanOrEqual(distance.largest + 1e-12);
          expect(distance.between(onCircle(b), onCircle(a))).toBe(value);
        },
      ),
    );
  });

  it('row by row agrees with the numeric form', async () => {
    const a = [...circle, [3, -4], [0.1, 0.2]];
    const b = [onCircle(0), onCircle(90), onCircle(0), onCircle(45), onCircle(0), [1, 2], [-5, 0.3]];
    const expected = a.map((row, i) => distance.between(row, b[i]));
    expectClose((await run(distance, a, b)).rows, expected, 2e-6);
  });

  it('of every pair agrees with the numeric form', async () => {
    const b = circle.slice(1);
    const expected = circle.flatMap((row) => b.map((other) => distance.between(row, other)));
    // The root enlarges what cancels in the expanded form: 1e-7 of a squared distance is 3e-4 of a distance near 0.
    expectClose((await run(distance, circle, b)).pairs, expected, name === 'euclidean' ? 5e-4 : 5e-7);
  });

  it('refuses vectors of different lengths', () => {
    expect(() => distance.between([1, 2], [1, 2, 3])).toThrow('one length, got 2 and 3 elements');
  });
});

describe('identical rows', () => {
  const rows = [[0.6, 0.8]];

  it('are at distance 0 numerically', () => {
    for (const name of distanceNames) expect(distanceByName(name).between([1, 0], [1, 0])).toBe(0);
  });

  it('are 1e-6 apart in the Euclidean graph and 0 in the squared one', async () => {
    expect((await run(euclidean, rows, rows)).rows[0]).toBeCloseTo(1e-6, 10);
    expect((await run(squaredEuclidean, rows, rows)).rows).toEqual([0]);
  });
});

describe('cosine', () => {
  it('does not see lengths', () => {
    expect(cosine.between([1, 2], [1e-150, 2e-150])).toBeCloseTo(0, 12);
    expect(cosine.between([1, 2], [-1e150, -2e150])).toBeCloseTo(2, 12);
  });

  it('puts a vector of zeros at distance 1 from everything, in every form', async () => {
    expect(cosine.between([0, 0], [1, 0])).toBe(1);
    expect(cosine.between([0, 0], [0, 0])).toBe(1);
    const { rows, pairs } = await run(cosine, [[0, 0]], [[3, 4]]);
    expect([...rows, ...pairs]).toEqual([1, 1]);
  });
});
