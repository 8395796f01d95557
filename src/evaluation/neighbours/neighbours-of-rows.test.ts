import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { neighboursOfRows } from './neighbours-of-rows.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const dimension = 3;
const random = RandomSource.fromSeed(4);
const gallery = { data: Float32Array.from({ length: 40 * dimension }, () => random.between(-1, 1)), dimension };

describe('neighboursOfRows', () => {
  it('finds for some rows what all rows find', async () => {
    const rows = [0, 3, 4, 17, 39];
    const all: number[][] = [];
    for await (const { queryCount, k, indexes } of nearestNeighbours(gallery, { k: 6, engine })) {
      for (let row = 0; row < queryCount; row++) all.push([...indexes.subarray(row * k, (row + 1) * k)]);
    }
    const some: number[][] = [];
    for await (const block of neighboursOfRows(gallery, rows, { k: 6, engine, blockRows: 2 })) {
      expect(block.firstQuery).toBe(some.length);
      for (let row = 0; row < block.queryCount; row++) some.push([...block.indexes.subarray(row * 6, (row + 1) * 6)]);
    }
    expect(some).toEqual(rows.map((row) => all[row]));
  });

  it('finds all others where fewer than k are there, and no row itself among its copies', async () => {
    const copies = { data: new Float32Array(5 * dimension).fill(0.5), dimension };
    for await (const { k, indexes } of neighboursOfRows(copies, [4, 2], { k: 9, engine })) {
      expect(k).toBe(4);
      expect([...indexes.subarray(0, 4)].sort()).toEqual([0, 1, 2, 3]);
      expect([...indexes.subarray(4)].sort()).toEqual([0, 1, 3, 4]);
    }
    for await (const { k, indexes } of neighboursOfRows(copies, [4], { k: 2, engine })) {
      expect(k).toBe(2);
      expect([...indexes]).not.toContain(4);
    }
  });
});
