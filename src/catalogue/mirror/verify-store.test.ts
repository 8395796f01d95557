import { afterEach, expect, it, vi } from 'vitest';
import { MemoryStores } from '../../../test/oracles/memory-store.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { StoreSearcher, VectorStore } from '../stores/vector-store.ts';
import { rewriteImages, verifyStore } from './verify-store.ts';

afterEach(() => vi.restoreAllMocks());

const stamp = {
  modelId: 'a'.repeat(64),
  modelName: 'm',
  dimension: 2,
  distance: 'euclidean',
  preprocessing: '{}',
} as const;
const nothing: ImageDataset = { root: '/', layout: 'flat-folder', images: [], classes: [] };

async function storeOf(ids: readonly string[]): Promise<VectorStore> {
  const store = await new MemoryStores().open('store', stamp, { create: true });
  const rows = ids.map((id, place) => ({
    ...{ id, contentHash: id, modifiedAt: 0, byteLength: 1, addedFrom: '' },
    vector: Float32Array.of(Math.cos(place), Math.sin(place)),
  }));
  await store.write((writer) => writer.put(rows));
  return store;
}

it('tells rows that a search does not find by their own vectors, and writes them again', async () => {
  const store = await storeOf(['a', 'b', 'c']);
  const { search } = store;
  let isLost = true;
  // A replica that has lost the row of b from its index alone.
  vi.spyOn(store, 'search').mockImplementation((vector, k, filter) =>
    search.call(store, vector, k, isLost ? { ...filter, except: ['b'] } : filter),
  );
  const { looked, notFound, images } = await verifyStore({ store, dataset: nothing });
  expect({ looked, notFound, images }).toEqual({ looked: 3, notFound: ['b'], images: 3 });
  await rewriteImages(store, notFound);
  isLost = false;
  expect((await verifyStore({ store, dataset: nothing })).notFound).toEqual([]);
  await expect(rewriteImages(store, ['never there'])).rejects.toThrow('have gone meanwhile: verify it again');
});

it('looks for as many images as are asked for, spread over all', async () => {
  const ids = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(3, '0'));
  const store = await storeOf(ids);
  for (const sample of [1, 7, 50, 99, 100, 1000]) {
    const { looked } = await verifyStore({ store, dataset: nothing, sample });
    expect(looked).toBe(Math.min(sample, 100));
  }
});

it('tells rows that one of several machines does not find', async () => {
  const store = await storeOf(['a', 'b', 'c']);
  const whole = { name: 'whole', search: store.search.bind(store) };
  const lacking: StoreSearcher = { name: 'lacking', search: (vector, k) => store.search(vector, k, { except: ['c'] }) };
  vi.spyOn(store, 'searchers').mockResolvedValue([whole, lacking]);
  expect((await verifyStore({ store, dataset: nothing })).notFound).toEqual(['c']);
});
