import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryStores } from '../../../test/oracles/memory-store.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { lanceDbStores } from '../stores/lancedb/store.ts';
import type { IndexAdvice } from '../stores/store-index.ts';
import type { StoredVector, VectorStore } from '../stores/vector-store.ts';
import { tuneStore } from './tune-store.ts';

const stamp = {
  modelId: 'a'.repeat(64),
  modelName: 'run/model.onnx',
  dimension: 16,
  distance: 'euclidean',
  preprocessing: '{}',
} as const;

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-tune-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function randomRows(count: number): StoredVector[] {
  const random = RandomSource.fromSeed(3);
  return Array.from({ length: count }, (_, place) => ({
    id: `${place}`,
    contentHash: `${place}`,
    modifiedAt: 0,
    byteLength: 1,
    vector: Float32Array.from({ length: stamp.dimension }, () => random.normal()),
  }));
}

/** A store of LanceDB's, with what it is advised to try in other words. */
async function storeWith(advice: IndexAdvice, rows = 600): Promise<VectorStore> {
  const store = await lanceDbStores.open(path.join(folder, `${made++}.lance`), stamp, { create: true });
  await store.write((writer) => writer.put(randomRows(rows)));
  const { indexes } = store;
  if (indexes === undefined) throw new Error('LanceDB makes indexes');
  Object.defineProperty(indexes, 'advice', { value: () => advice });
  return store;
}

const cells = (partitions: number, efforts = [1, 4, partitions]) => ({
  kind: 'ivf-flat',
  build: { partitions },
  efforts: efforts.map((probes) => ({ probes })),
});

/** A clock by which the first so many searches take 8 ms, and all that come later 1 ms. */
function clockOf(slow: number) {
  let [now, asked] = [0, 0];
  return () => {
    now += asked++ < 2 * slow ? 8 : 1;
    return now;
  };
}

describe('tuning a store', () => {
  it('measures against exact search, from the quickest effort until enough is found, and keeps what does', async () => {
    await using store = await storeWith({ recipes: [cells(20)], reason: 'as the test has it' });
    const report = await tuneStore(store, { queries: 15, recall: 0.99, clock: clockOf(15) });
    expect(report).toMatchObject({ rows: 600, queries: 15, asked: { k: 10, recall: 0.99 }, exactMilliseconds: 8 });
    const [{ efforts, sufficient }] = report.tried;
    const recallAt10 = efforts.map(({ recall }) => recall.find(({ k }) => k === 10)?.recall ?? 0);
    // One cell of twenty has few of the nearest; all of them have every one.
    expect(recallAt10[0]).toBeLessThan(0.8);
    expect(recallAt10[0]).toBeGreaterThan(0.05);
    expect(recallAt10[1]).toBeGreaterThan(recallAt10[0]);
    expect(recallAt10[2]).toBe(1);
    expect(sufficient?.effort).toEqual({ probes: 20 });
    expect(efforts.map(({ recall }) => recall.map(({ k }) => k))).toEqual([1, 2, 3].map(() => [1, 10, 100]));
    expect(report.kept).toMatchObject({ kind: 'ivf-flat', build: { partitions: 20 }, rows: 600, joined: 0 });
    expect((await store.indexes?.state())?.measured).toEqual(report.kept);
  });

  it('finds by an independent route what it says that an index finds', async () => {
    await using store = await storeWith({ recipes: [cells(20, [2, 20])], reason: '' });
    const report = await tuneStore(store, { queries: 30, k: 5, clock: clockOf(30) });
    const sample = (await store.indexes?.sample(30)) ?? [];
    const rows = randomRows(600);
    const squared = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, d) => sum + (x - b[d]) ** 2, 0);
    let shared = 0;
    for (const { id, vector } of sample) {
      const near = rows
        .filter((row) => row.id !== id)
        .sort((a, b) => squared(a.vector, vector) - squared(b.vector, vector));
      const found = (await store.indexes?.search(vector, 6, { probes: 2 })) ?? [];
      const others = found.map((one) => one.id).filter((one) => one !== id);
      shared += near.slice(0, 5).filter((row) => others.slice(0, 5).includes(row.id)).length;
    }
    const [{ recall }] = report.tried[0].efforts;
    expect(recall.find(({ k }) => k === 5)?.recall).toBeCloseTo(shared / 150, 10);
  });

  it('keeps none where none finds enough, where exact search is as quick, and where none is advised', async () => {
    await using poor = await storeWith({ recipes: [cells(20, [1])], reason: '' });
    expect((await tuneStore(poor, { queries: 8, clock: clockOf(8) })).kept).toBeUndefined();
    expect(await poor.indexes?.state()).toBeUndefined();
    await using slow = await storeWith({ recipes: [cells(20, [20])], reason: '' });
    const report = await tuneStore(slow, { queries: 8, clock: clockOf(1e9) });
    expect(report.tried[0].sufficient).toBeDefined();
    expect(report.kept).toBeUndefined();
    await using few = await storeWith({ recipes: [], reason: 'few' }, 2);
    expect(await tuneStore(few)).toMatchObject({ kept: undefined, tried: [], reason: 'few', queries: 2 });
  });

  it('makes the quickest again where it was not the last', async () => {
    await using store = await storeWith({ recipes: [cells(10, [10]), cells(30, [1])], reason: '' });
    const { kept } = await tuneStore(store, { queries: 8, clock: clockOf(8) });
    expect(kept).toMatchObject({ build: { partitions: 10 } });
    expect((await store.indexes?.state())?.measured).toEqual(kept);
  });

  it('measures it again then, and keeps none where it has become slower than exact search', async () => {
    await using store = await storeWith({ recipes: [cells(10, [10]), cells(30, [1])], reason: '' });
    let [now, makings] = [0, 0];
    const clock = () => {
      now += [8, 1, 1, 20][makings];
      return now;
    };
    const onProgress = ({ work, done }: { work: string; done: number }) => {
      if (work.startsWith('making') && done === 0) makings++;
    };
    const report = await tuneStore(store, { queries: 8, clock, onProgress });
    expect(makings).toBe(3);
    expect(report.tried[0].sufficient?.milliseconds).toBe(20);
    expect(report.kept).toBeUndefined();
    expect(await store.indexes?.state()).toBeUndefined();
  });

  it('can be stopped, and leaves searching exact', async () => {
    await using store = await storeWith({ recipes: [cells(20)], reason: '' });
    const stop = new AbortController();
    const onProgress = ({ work }: { work: string }) => {
      if (work.startsWith('searching by')) stop.abort();
    };
    await expect(tuneStore(store, { queries: 8, onProgress, signal: stop.signal })).rejects.toThrow(/abort/i);
    expect(await store.indexes?.state()).toBeUndefined();
  });

  it('refuses a store that makes no indexes, and one with nothing to look for', async () => {
    const memory = await new MemoryStores().open('a', stamp, { create: true });
    await expect(tuneStore(memory)).rejects.toThrow("the store 'a' makes no index that could be tuned");
    await using empty = await lanceDbStores.open(path.join(folder, 'empty.lance'), stamp, { create: true });
    await expect(tuneStore(empty)).rejects.toThrow(/too few images to look for: index images into it/);
  });
});
