import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeIndexesContract } from '../store-indexes.contract.ts';
import { lanceDbAdvice } from './indexes.ts';
import { lanceDbStores } from './store.ts';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lookalike indexes, it's "));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newUri = () => path.join(folder, `store ${made++}.lance`);
const flat = { kind: 'ivf-flat', build: { partitions: 30 }, efforts: [{ probes: 2 }] };
storeIndexesContract('LanceDB', lanceDbStores, { poor: flat, good: { ...flat, efforts: [{ probes: 30 }] } }, newUri);
const graph = {
  kind: 'ivf-hnsw-sq',
  build: { partitions: 8, m: 4, efConstruction: 10 },
  efforts: [{ probes: 2, ef: 10, refine: 1 }],
};
const goodGraph = {
  kind: 'ivf-hnsw-sq',
  build: { partitions: 1, m: 20, efConstruction: 100 },
  efforts: [{ probes: 1, ef: 200, refine: 5 }],
};
storeIndexesContract('LanceDB', lanceDbStores, { poor: graph, good: goodGraph }, newUri);

describe('the indexes that LanceDB is advised to make', () => {
  const stamp = {
    modelId: 'a'.repeat(64),
    modelName: 'm',
    dimension: 64,
    distance: 'euclidean',
    preprocessing: '{}',
  } as const;

  it('grow with the images', () => {
    const [graphs, cells] = lanceDbAdvice(stamp, 2_500_000).recipes;
    expect(graphs).toMatchObject({ kind: 'ivf-hnsw-sq', build: { partitions: 3 } });
    expect(cells).toMatchObject({ kind: 'ivf-flat', build: { partitions: 1581 } });
    expect(cells.efforts.map(({ probes }) => probes)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1581]);
  });

  it('are none for few images, and none for signs', () => {
    expect(lanceDbAdvice(stamp, 4999)).toMatchObject({ recipes: [], reason: expect.stringContaining('4999 images') });
    expect(lanceDbAdvice({ ...stamp, distance: 'hamming' }, 1e6).recipes).toEqual([]);
  });
});
