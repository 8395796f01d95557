import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { principalPlane } from '../../evaluation/neighbours/principal-plane.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { layOutRows } from './lay-out-rows.ts';

let engine: OnnxruntimeEngine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const dimension = 12;
const clusters = 10;

/** Rows around ten places of a space of twelve dimensions: a plane has no room for them as they are. */
function clustered(rows: number) {
  const random = RandomSource.fromSeed(3);
  const centres = Array.from({ length: clusters }, () => Array.from({ length: dimension }, () => random.normal()));
  const data = Float32Array.from({ length: rows * dimension }, (_, at) => {
    const centre = centres[Math.floor(at / dimension) % clusters];
    return centre[at % dimension] + 0.15 * random.normal();
  });
  return { data, dimension };
}

/** Places of other rows, the nearest first, by loops. */
function ranked(data: ArrayLike<number>, width: number, row: number): number[] {
  const rows = data.length / width;
  const squared = (other: number) => {
    let sum = 0;
    for (let at = 0; at < width; at++) sum += (data[row * width + at] - data[other * width + at]) ** 2;
    return sum;
  };
  return Array.from({ length: rows }, (_, other) => ({ other, distance: squared(other) }))
    .filter(({ other }) => other !== row)
    .sort((a, b) => a.distance - b.distance)
    .map(({ other }) => other);
}

/** How far the nearest of the plane are the nearest of the space: 1 at best (Venna and Kaski 2001). */
function trustworthiness(data: Float32Array, places: ArrayLike<number>, k: number): number {
  const rows = places.length / 2;
  let penalty = 0;
  for (let row = 0; row < rows; row++) {
    const rank = new Map(ranked(data, dimension, row).map((other, place) => [other, place + 1]));
    for (const other of ranked(places, 2, row).slice(0, k)) penalty += Math.max(0, rank.get(other)! - k);
  }
  return 1 - (2 * penalty) / (rows * k * (2 * rows - 3 * k - 1));
}

describe('rows laid out in the plane', () => {
  it('have their neighbours beside them, more of them than the principal components have', async () => {
    const table = clustered(200);
    const progress: Progress[] = [];
    const onProgress = (told: Progress) => progress.push(told);
    const places = await layOutRows(table, { engine, distance: 'euclidean', seed: 1, onProgress });
    expect(places).toHaveLength(400);
    expect(places.every((place) => place >= -1.000001 && place <= 1.000001)).toBe(true);
    expect(Math.max(...places)).toBeCloseTo(1, 5);
    const trusted = trustworthiness(table.data, places, 10);
    expect(trusted).toBeGreaterThan(0.95);
    expect(trusted).toBeGreaterThan(trustworthiness(table.data, principalPlane(table).coordinates, 10));
    const alike = Array.from({ length: 200 }, (_, row) => ranked(places, 2, row)[0] % clusters === row % clusters);
    expect(alike.filter(Boolean).length).toBeGreaterThan(195);
    expect(new Set(progress.map(({ work }) => work))).toEqual(new Set(['comparing', 'laying out']));
    expect(progress.at(-1)).toMatchObject({ done: 500, total: 500 });
  });

  it('are where they were by the same seed, and elsewhere by another', async () => {
    const table = clustered(60);
    const at = (seed: number) => layOutRows(table, { engine, distance: 'cosine', seed });
    const [one, again, other] = [await at(7), await at(7), await at(8)];
    expect([...again]).toEqual([...one]);
    expect([...other]).not.toEqual([...one]);
  });

  it.each([0, 1, 2, 4, 5, 6, 16])('may be %d', async (rows) => {
    const { data } = clustered(rows);
    const places = await layOutRows({ data, dimension }, { engine, distance: 'euclidean', seed: 1 });
    expect(places).toHaveLength(2 * rows);
    expect(places.every(Number.isFinite)).toBe(true);
  });

  it('may all be the same', async () => {
    const data = new Float32Array(40 * dimension).fill(0.5);
    const places = await layOutRows({ data, dimension }, { engine, distance: 'euclidean', seed: 1 });
    expect(places.every(Number.isFinite)).toBe(true);
  });

  it('are given up when they are told to', async () => {
    const signal = AbortSignal.abort();
    const asked = layOutRows(clustered(60), { engine, distance: 'euclidean', seed: 1, signal });
    await expect(asked).rejects.toThrow(/abort/i);
  });
});
