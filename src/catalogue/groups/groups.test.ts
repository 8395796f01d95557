import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryStores } from '../../../test/oracles/memory-store.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { searchDistanceByName } from '../../ranking/distances/search-distance-by-name.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import { boundedGroups } from './bounded-groups.ts';
import { findDuplicates } from './find-duplicates.ts';
import { type NearPair, nearPairs } from './near-pairs.ts';

let engine: OnnxruntimeEngine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const { between } = searchDistanceByName('euclidean');

/** Every near pair by two loops. */
function allPairs(vectors: readonly Float32Array[], threshold: number): NearPair[] {
  const pairs: NearPair[] = [];
  for (let a = 0; a < vectors.length; a++) {
    for (let b = a + 1; b < vectors.length; b++) {
      const distance = between(vectors[a], vectors[b]);
      if (distance <= threshold) pairs.push({ a, b, distance });
    }
  }
  return pairs.sort((x, y) => x.distance - y.distance || x.a - y.a || x.b - y.b);
}

function scattered(count: number, seed: number): Float32Array[] {
  const random = RandomSource.fromSeed(seed);
  const centres = Array.from({ length: 6 }, () => Array.from({ length: 4 }, () => 3 * random.normal()));
  return Array.from({ length: count }, () => {
    const centre = centres[random.integer(centres.length)];
    return Float32Array.from(centre, (x) => x + 0.2 * random.normal());
  });
}

describe('near pairs', () => {
  it('are all that comparing each with each finds, also where a row has many', async () => {
    const vectors = scattered(150, 1);
    const data = Float32Array.from(vectors.flatMap((vector) => [...vector]));
    for (const threshold of [0, 0.15, 0.5, 100]) {
      const found = await nearPairs({ data, dimension: 4 }, { engine, distance: 'euclidean', threshold });
      const expected = allPairs(vectors, threshold);
      const key = ({ a, b }: NearPair) => `${a} ${b}`;
      expect(found.map(key).sort()).toEqual(expected.map(key).sort());
      const some = { engine, distance: 'euclidean', threshold } as const;
      const within = nearPairs({ data, dimension: 4 }, { ...some, mostPairs: expected.length });
      expect(await within).toHaveLength(expected.length);
      if (expected.length === 0) continue;
      const beyond = nearPairs({ data, dimension: 4 }, { ...some, mostPairs: expected.length - 1 });
      await expect(beyond).rejects.toThrow(`more than ${expected.length - 1} pairs of images are within ${threshold}`);
    }
  });
});

describe('bounded groups', () => {
  it('have no two rows that are not near, and no two groups that could be one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.05, max: 3, noNaN: true }), (seed, threshold) => {
        const vectors = scattered(40, seed);
        const groups = boundedGroups(allPairs(vectors, threshold));
        const rows = groups.flatMap((group) => group.rows);
        expect(new Set(rows).size).toBe(rows.length);
        const diameterOf = (some: readonly number[]) =>
          Math.max(...some.flatMap((a) => some.map((b) => between(vectors[a], vectors[b]))));
        for (const group of groups) {
          expect(group.rows.length).toBeGreaterThan(1);
          expect(group.diameter).toBeCloseTo(diameterOf(group.rows), 12);
          expect(group.diameter).toBeLessThanOrEqual(threshold);
        }
        const alone = vectors.map((_, row) => row).filter((row) => !rows.includes(row));
        const all = [...groups.map((group) => group.rows), ...alone.map((row) => [row])];
        for (const [place, one] of all.entries()) {
          for (const other of all.slice(place + 1)) expect(diameterOf([...one, ...other])).toBeGreaterThan(threshold);
        }
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('make no group of a chain', () => {
    // Each is near the next: 0 - 1 - 2 - 3 - 4.
    const chain = [0, 1, 2, 3, 4].map((x) => Float32Array.of(x));
    const groups = boundedGroups(allPairs(chain, 1));
    expect(groups).toEqual([
      { rows: [0, 1], diameter: 1 },
      { rows: [2, 3], diameter: 1 },
    ]);
  });
});

describe('duplicates of a store', () => {
  const stamp: StoreStamp = {
    modelId: 'a'.repeat(64),
    modelName: 'm',
    dimension: 4,
    distance: 'euclidean',
    preprocessing: '{}',
  };

  it('are the same by their bytes, or near, each image in one group', async () => {
    const store = await new MemoryStores().open('store', stamp, { create: true });
    const row = (id: string, contentHash: string, ...vector: number[]) => ({
      ...{ id, contentHash, modifiedAt: 0, byteLength: 1 },
      vector: Float32Array.from(vector),
    });
    await store.write((writer) =>
      writer.put([
        row('a', 'same', 1, 0, 0, 0),
        row('b', 'same', 1, 0, 0, 0),
        row('c', 'other', 1, 0.01, 0, 0),
        row('far', 'far', 0, 1, 0, 0),
        row('x/1', 'x', 0, 0, 1, 0),
        row('x/2', 'x', 0, 0, 1, 0),
      ]),
    );
    const find = async (maxDistance: number, prefix = '') =>
      (await findDuplicates({ store, engine, maxDistance, filter: { prefix } })).map(({ images, exact, diameter }) => ({
        ids: images.map(({ id }) => id),
        exact,
        diameter: Number(diameter.toFixed(6)),
      }));
    expect(await find(0.05)).toEqual([
      { ids: ['a', 'b', 'c'], exact: false, diameter: 0.01 },
      { ids: ['x/1', 'x/2'], exact: true, diameter: 0 },
    ]);
    expect(await find(0)).toEqual([
      { ids: ['a', 'b'], exact: true, diameter: 0 },
      { ids: ['x/1', 'x/2'], exact: true, diameter: 0 },
    ]);
    expect(await find(10, 'x/')).toEqual([{ ids: ['x/1', 'x/2'], exact: true, diameter: 0 }]);
    expect(await find(10, 'none')).toEqual([]);
    expect((await find(10)).map(({ ids }) => ids.length)).toEqual([6]);
  });
});
