import { afterEach, describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { searchDistanceByName } from '../../ranking/distances/search-distance-by-name.ts';
import type { IndexRecipe, MeasuredIndex } from './store-index.ts';
import type { StoreStamp } from './store-stamp.ts';
import type { StoredVector, VectorStore, VectorStoreKind } from './vector-store.ts';

const stamp: StoreStamp = {
  modelId: 'a'.repeat(64),
  modelName: 'run/model.onnx',
  dimension: 16,
  distance: 'euclidean',
  preprocessing: '{}',
};

function randomRows(count: number, random: RandomSource): StoredVector[] {
  return Array.from({ length: count }, (_, place) => ({
    id: `${place % 3}/${place}`,
    contentHash: `${place}`,
    modifiedAt: 0,
    byteLength: 1,
    vector: Float32Array.from({ length: stamp.dimension }, () => random.normal()),
  }));
}

/** The nearest by comparing with every vector in float64. */
function nearest(rows: readonly StoredVector[], vector: Float32Array, k: number, distance = stamp.distance): string[] {
  const { between } = searchDistanceByName(distance);
  return rows
    .map((row) => ({ id: row.id, distance: between(vector, row.vector) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, k)
    .map(({ id }) => id);
}

/** What is said to have been measured of an index. */
function measured({ kind, build }: IndexRecipe, effort: IndexRecipe['efforts'][number], rows: number): MeasuredIndex {
  return {
    kind,
    build: { ...build },
    asked: { k: 10, recall: 0.3 },
    rows,
    queries: 5,
    at: '2026-12-01T00:00:00.000Z',
    buildSeconds: 1,
    exactMilliseconds: 9,
    efforts: [
      {
        effort: { ...effort },
        recall: [
          { k: 1, recall: 0.5 },
          { k: 10, recall: 0.4 },
        ],
        milliseconds: 1,
      },
    ],
    joined: 0,
  };
}

/**
 * What every kind of store that makes approximate indexes has to do.
 *
 * @param poor an index with an effort that misses many of the nearest, so that it shows which searches use it.
 * @param good one that misses next to nothing.
 */
export function storeIndexesContract(
  name: string,
  kind: VectorStoreKind,
  { poor, good }: { readonly poor: IndexRecipe; readonly good: IndexRecipe },
  newUri: () => string,
): void {
  const [poorEffort] = poor.efforts;
  describe(`the contract of indexes: ${name}, ${poor.kind}`, () => {
    const opened: VectorStore[] = [];
    const open = async (uri: string, create = true) => {
      const store = await kind.open(uri, stamp, { create });
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });
    const rows = randomRows(700, RandomSource.fromSeed(1));
    const queries = randomRows(12, RandomSource.fromSeed(2)).map(({ vector }) => vector);
    const found = async (store: VectorStore, ...rest: [k: number, ...unknown[]]) =>
      Promise.all(
        queries.map(async (query) => {
          const [k, filter, demand] = rest as [number, object?, object?];
          return (await store.search(query, k, filter, demand)).map(({ id }) => id);
        }),
      );
    const truth = (k: number, some: readonly StoredVector[] = rows) => queries.map((query) => nearest(some, query, k));
    const withIndex = async (uri: string, recipe = poor) => {
      const store = await open(uri);
      await store.write(async (writer) => {
        await writer.put(rows);
        await writer.indexes?.make(recipe);
        await writer.indexes?.keep(measured(recipe, recipe.efforts[0], rows.length));
      });
      return store;
    };

    it('searches exactly until an index is kept, and by it as far as it was measured from then on', async () => {
      const uri = newUri();
      const store = await open(uri);
      await store.write(async (writer) => {
        await writer.put(rows);
        await writer.indexes?.make(poor);
      });
      expect(await store.indexes?.state()).toBeUndefined();
      expect(await found(store, 10)).toEqual(truth(10));
      await store.write(async (writer) => writer.indexes?.keep(measured(poor, poorEffort, rows.length)));
      const other = await open(uri, false);
      for (const one of [store, other]) {
        const state = await one.indexes?.state();
        expect(state).toMatchObject({ beside: 0, changed: 0, holds: true, measured: { kind: poor.kind } });
        const missed = await found(one, 10);
        expect(missed).not.toEqual(truth(10));
        for (const [place, ids] of missed.entries()) {
          expect(new Set(ids).size).toBe(10);
          const distances = (await one.search(queries[place], 10)).map(({ distance }) => distance);
          expect(distances).toEqual([...distances].sort((a, b) => a - b));
        }
        expect(await found(one, 10, {}, { recall: 0.4 })).not.toEqual(truth(10));
        // What was not measured to be enough is exact.
        expect(await found(one, 10, {}, { exact: true })).toEqual(truth(10));
        expect(await found(one, 10, {}, { recall: 0.45 })).toEqual(truth(10));
        expect(await found(one, 11)).toEqual(truth(11));
      }
    });

    it('compares with every image that a filter lets through', async () => {
      const store = await withIndex(newUri());
      const some = rows.filter(({ id }) => id.startsWith('1/'));
      expect(await found(store, 10, { prefix: '1/' })).toEqual(truth(10, some));
      const [[first]] = truth(1);
      const others = rows.filter(({ id }) => id !== first);
      expect(await found(store, 10, { except: [first] })).toEqual(truth(10, others));
    });

    it('gives the distances of whole vectors', async () => {
      const store = await withIndex(newUri());
      const { between } = searchDistanceByName(stamp.distance);
      for (const { id, distance } of await store.search(queries[0], 10)) {
        const row = rows.find((one) => one.id === id);
        expect(distance).toBeCloseTo(between(queries[0], row?.vector ?? new Float32Array(16)), 4);
      }
    });

    it('finds what was written since, and not what was removed, before and after it is tidied', async () => {
      const store = await withIndex(newUri(), good);
      const added = queries.map((vector, place) => ({ ...rows[0], id: `new/${place}`, vector }));
      const removed = (await found(store, 3)).flat();
      await store.write(async (writer) => {
        await writer.put(added);
        await writer.remove(removed);
      });
      for (const tidy of [false, true]) {
        if (tidy) await store.write((writer) => writer.tidy());
        const ids = await found(store, 10);
        expect(ids.map(([first]) => first)).toEqual(added.map(({ id }) => id));
        expect(ids.flat().filter((id) => removed.includes(id))).toEqual([]);
        const state = await store.indexes?.state();
        expect(state?.holds).toBe(true);
        const removals = new Set(removed).size;
        // Those beside the index are compared anyhow; another store takes them up at once.
        expect((state?.changed ?? 0) + (state?.beside ?? 0)).toBe(removals + added.length);
        if (tidy) expect(state?.beside).toBe(0);
      }
    });

    it('is exact once more has changed than what was measured holds for', async () => {
      const store = await withIndex(newUri());
      const gone = new Set(rows.slice(0, 80).map(({ id }) => id));
      await store.write((writer) => writer.remove([...gone]));
      const left = rows.filter(({ id }) => !gone.has(id));
      expect(await store.indexes?.state()).toMatchObject({ changed: 80, holds: false });
      expect(await found(store, 10)).toEqual(truth(10, left));
    });

    it('is exact when the index is dropped, when it is made anew, and when every row is replaced', async () => {
      const store = await withIndex(newUri());
      await store.write(async (writer) => writer.indexes?.drop());
      expect(await store.indexes?.state()).toBeUndefined();
      expect(await found(store, 10)).toEqual(truth(10));
      await store.write(async (writer) => writer.indexes?.drop());
      await store.write(async (writer) => {
        await writer.indexes?.make(poor);
        await writer.indexes?.keep(measured(poor, poorEffort, rows.length));
        await writer.indexes?.make(poor);
      });
      expect(await found(store, 10)).toEqual(truth(10));
      await store.write(async (writer) => writer.indexes?.keep(measured(poor, poorEffort, rows.length)));
      const next = { ...stamp, modelId: 'b'.repeat(64) };
      await store.write((writer) => writer.replace(next, rows.slice(0, 300)));
      const replaced = await kind.open(store.uri, next);
      opened.push(replaced);
      expect(await replaced.indexes?.state()).toBeUndefined();
      expect(await found(replaced, 10)).toEqual(truth(10, rows.slice(0, 300)));
      await expect(store.search(queries[0], 10)).rejects.toThrow(/made anew by another model/);
    });

    it('gives images spread over all to look for', async () => {
      const store = await open(newUri());
      expect(await store.indexes?.sample(5)).toEqual([]);
      await store.write((writer) => writer.put(rows));
      const sample = (await store.indexes?.sample(50)) ?? [];
      expect(new Set(sample.map(({ id }) => id)).size).toBe(50);
      for (const row of sample) expect(row).toEqual(rows.find(({ id }) => id === row.id));
      expect(await store.indexes?.sample(10_000)).toHaveLength(rows.length);
    });
  });
}
