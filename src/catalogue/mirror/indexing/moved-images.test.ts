import { copyFile, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../../test/fixtures/tiny-model.ts';
import { MemoryStores } from '../../../../test/oracles/memory-store.ts';
import { loadDataset } from '../../../pictures/datasets/load-dataset.ts';
import { type Embedder, loadModel } from '../../embedding/embedder.ts';
import type { VectorStore } from '../../stores/vector-store.ts';
import { modelStamp } from '../model-stamp.ts';
import { indexImages } from './index-images.ts';
import type { IndexOptions } from './index-report.ts';

let folder: string;
let pictures: string;
let embedder: Embedder;
let store: VectorStore;
let embedded: number;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-moved-'));
  await writeTinyModel(path.join(folder, 'model.onnx'));
  embedder = await loadModel(path.join(folder, 'model.onnx'));
});
afterAll(async () => {
  await embedder.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  pictures = path.join(folder, 'pictures');
  await mkdir(pictures);
  for (const [place, id] of ['hats/1.png', 'hats/2.png', 'shoes/3.png', 'shoes/4.png'].entries()) await draw(id, place);
  store = await new MemoryStores().open('store', modelStamp(embedder.model), { create: true });
});
afterEach(() => rm(pictures, { recursive: true }));

async function draw(id: string, seed: number): Promise<void> {
  const file = path.join(pictures, id);
  await mkdir(path.dirname(file), { recursive: true });
  const background = { r: (seed * 90) % 256, g: (seed * 40 + 60) % 256, b: (250 - seed * 50) & 255 };
  const picture = sharp({ create: { width: 20, height: 16, channels: 3, background } });
  await picture.png({ compressionLevel: 0 }).toFile(file);
  await utimes(file, 1_600_000_000, 1_600_000_000);
}

const at = (...names: string[]) => path.join(pictures, ...names);

async function index(options: Partial<IndexOptions> = {}) {
  embedded = 0;
  const onProgress = ({ done }: { done: number }) => {
    embedded = done;
  };
  return indexImages({ dataset: () => loadDataset(pictures), embedder, store, onProgress, ...options });
}

async function vectors(): Promise<Map<string, Float32Array>> {
  const rows = await store.rows((await store.images()).map(({ id }) => id));
  return new Map(rows.map(({ id, vector }) => [id, vector]));
}

/** What a new store would hold. */
async function afresh(): Promise<Map<string, Float32Array>> {
  const before = store;
  store = await new MemoryStores().open('afresh', modelStamp(embedder.model), { create: true });
  await index();
  const found = await vectors();
  store = before;
  return found;
}

describe('files that have moved', () => {
  it('are known by their bytes and not embedded again, nor are copies', async () => {
    await index();
    expect(embedded).toBe(4);
    await rename(at('hats'), at('caps'));
    await copyFile(at('shoes/3.png'), at('shoes/copy.png'));
    expect(await index()).toMatchObject({ moved: 2, added: 1, removed: 0, updated: 0, unchanged: 2, goneFolders: [] });
    expect(embedded).toBe(0);
    expect(await vectors()).toEqual(await afresh());
    expect((await store.images()).map(({ id, metadata }) => [id, metadata?.class])).toEqual([
      ['caps/1.png', 'caps'],
      ['caps/2.png', 'caps'],
      ['shoes/3.png', 'shoes'],
      ['shoes/4.png', 'shoes'],
      ['shoes/copy.png', 'shoes'],
    ]);
  });

  it('have their own vectors also where two have changed names', async () => {
    for (let place = 5; place < 300; place++) await draw(`hats/${place}.png`, place);
    await index();
    // So far apart that they are stored in two writes.
    await rename(at('hats/1.png'), at('hats/x'));
    await rename(at('shoes/4.png'), at('hats/1.png'));
    await rename(at('hats/x'), at('shoes/4.png'));
    await index({ recheck: true });
    expect(await vectors()).toEqual(await afresh());
  });

  it('are told by a dry run, which does nothing', async () => {
    await index();
    await rename(at('hats/1.png'), at('shoes/1.png'));
    await rm(at('hats/2.png'));
    await draw('shoes/9.png', 9);
    await writeFile(at('shoes/3.png'), 'no picture');
    const before = await store.images();
    const told = await index({ dryRun: true });
    expect(told).toMatchObject({ moved: 1, added: 1, removed: 1, updated: 1, unchanged: 1, unreadable: [] });
    expect(told.goneFolders).toEqual([{ folder: 'hats', images: 1 }]);
    expect(await store.images()).toEqual(before);
    expect(await store.note('last-run')).toMatch(/"added":4/);
    expect(await index()).toMatchObject({ moved: 1, added: 1, removed: 1, unchanged: 1 });
  });

  it('leave images alone that were added by themselves, until the folder has one of that name', async () => {
    await index();
    const [row] = await store.rows(['hats/1.png']);
    const added = { ...row, id: 'upload', addedFrom: '' };
    await store.write((writer) => writer.put([added, { ...added, id: 'shoes/7.png' }]));
    expect(await index()).toMatchObject({ removed: 0, unchanged: 4 });
    await draw('shoes/7.png', 7);
    expect(await index()).toMatchObject({ removed: 0, updated: 1, unchanged: 4 });
    const images = await store.images();
    expect(images.filter(({ addedFrom }) => addedFrom !== undefined).map(({ id }) => id)).toEqual(['upload']);
  });
});

describe('metadata of indexed images', () => {
  it('come from a sidecar, stay without one, and go with their rows', async () => {
    const sidecar = path.join(folder, 'articles.csv');
    await writeFile(sidecar, '\ufeffid,price,class\n./hats/1.png,9.5,berets\nshoes/3.png,20,\nnowhere.png,1,\n');
    const report = await index({ metadata: sidecar });
    expect(report.metadata).toEqual({ file: sidecar, withoutRow: 2, unknown: [{ id: 'nowhere.png', line: 4 }] });
    const known = async () => Object.fromEntries((await store.images()).map(({ id, metadata }) => [id, metadata]));
    const described = {
      'hats/1.png': { class: 'hats', price: 9.5 },
      'hats/2.png': { class: 'hats' },
      'shoes/3.png': { class: 'shoes', price: 20 },
      'shoes/4.png': { class: 'shoes' },
    };
    expect(await known()).toEqual(described);
    expect(await index()).toMatchObject({ unchanged: 4, described: 0 });
    expect(await known()).toEqual(described);
    await writeFile(sidecar, 'id,price\nhats/1.png,11\nhats/2.png,1\nshoes/3.png,20\nshoes/4.png,\n');
    expect(await index({ metadata: sidecar })).toMatchObject({ unchanged: 4, described: 2, updated: 0 });
    expect(embedded).toBe(0);
    expect(
      (await store.images({ where: 'price > 10 and class = "hats"'.replaceAll('"', "'") })).map(({ id }) => id),
    ).toEqual(['hats/1.png']);
    await writeFile(sidecar, 'id,price\nhats/1.png,cheap\n');
    await expect(index({ metadata: sidecar })).rejects.toThrow(
      `line 2 of '${sidecar}': 'cheap' in 'price' is not of a field of numbers, and 'price' holds numbers in the store`,
    );
  });
});
