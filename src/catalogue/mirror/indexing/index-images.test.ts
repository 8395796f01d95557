import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../../test/fixtures/tiny-model.ts';
import { MemoryStores } from '../../../../test/oracles/memory-store.ts';
import { asOrdinaryUser } from '../../../../test/support/ordinary-user.ts';
import type { Progress } from '../../../foundation/progress/progress.ts';
import { loadDataset } from '../../../pictures/datasets/load-dataset.ts';
import { type Embedder, loadModel } from '../../embedding/embedder.ts';
import type { VectorStore } from '../../stores/vector-store.ts';
import { modelStamp } from '../model-stamp.ts';
import { searchImages } from '../search-images.ts';
import { indexImages } from './index-images.ts';
import type { IndexOptions } from './index-report.ts';

let folder: string;
let pictures: string;
let embedder: Embedder;
let store: VectorStore;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-index-'));
  await chmod(folder, 0o755);
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
  for (const [index, id] of ['a/1.png', 'a/2.png', "b, it's/3.png", 'b/4 ü.png'].entries()) await draw(id, index);
  store = await new MemoryStores().open('store', modelStamp(embedder.model), { create: true });
});
afterEach(() => rm(pictures, { recursive: true }));

/** Writes a picture with a time that can be trusted. */
async function draw(id: string, seed: number, seconds = 1_600_000_000): Promise<void> {
  const file = path.join(pictures, id);
  await mkdir(path.dirname(file), { recursive: true });
  const background = { r: (seed * 90) % 256, g: (seed * 40 + 60) % 256, b: (250 - seed * 50) & 255 };
  await sharp({ create: { width: 20, height: 16, channels: 3, background } })
    .png({ compressionLevel: 0 })
    .toFile(file);
  await utimes(file, seconds, seconds);
}

async function index(options: Partial<IndexOptions> = {}) {
  return indexImages({ dataset: () => loadDataset(pictures), embedder, store, ...options });
}

async function ids(): Promise<string[]> {
  return (await store.images()).map(({ id }) => id);
}

const nothing = {
  added: 0,
  updated: 0,
  moved: 0,
  removed: 0,
  unchanged: 0,
  described: 0,
  mended: 0,
  goneFolders: [],
  unreadable: [],
  passedOver: [],
  outOfSight: 0,
};

describe('indexing images', () => {
  it('adds, updates and removes so that the store mirrors the folder', async () => {
    expect(await index()).toEqual({ ...nothing, added: 4 });
    expect(await index()).toEqual({ ...nothing, unchanged: 4 });
    await draw('a/2.png', 7, 1_600_000_100);
    await draw('c/5.png', 5);
    await rm(path.join(pictures, 'a/1.png'));
    expect(await index()).toEqual({ ...nothing, added: 1, updated: 1, removed: 1, unchanged: 2 });
    const dataset = await loadDataset(pictures);
    expect(await ids()).toEqual(dataset.images.map(({ id }) => id));
    for (const image of dataset.images) {
      const [nearest] = await searchImages({ embedder, store, query: image.source, k: 1 });
      expect(nearest).toMatchObject({ id: image.id, distance: 0, path: path.join(pictures, image.id) });
    }
  });

  it('reads a file again when its time or length has changed, and embeds it only if its bytes have', async () => {
    await index();
    await utimes(path.join(pictures, 'a/1.png'), 1_600_000_500, 1_600_000_500);
    const progress: number[] = [];
    expect(await index({ onProgress: ({ done }) => progress.push(done) })).toEqual({
      ...nothing,
      unchanged: 4,
      described: 1,
    });
    expect(progress).toEqual([]);
    expect(await index()).toEqual({ ...nothing, unchanged: 4 });
    // Other bytes, but the same length and time: only a recheck can tell.
    await draw('a/1.png', 6);
    await draw('a/2.png', 1);
    await utimes(path.join(pictures, 'a/1.png'), 1_600_000_500, 1_600_000_500);
    expect(await index()).toEqual({ ...nothing, unchanged: 4 });
    expect(await index({ recheck: true })).toEqual({ ...nothing, updated: 1, unchanged: 3 });
  });

  it('does not trust the time of a file that was written just before', async () => {
    await index();
    await draw('a/1.png', 8, Date.now() / 1000);
    expect(await index()).toMatchObject({ updated: 1, unchanged: 3 });
    await draw('a/1.png', 9, Date.now() / 1000);
    expect(await index()).toMatchObject({ updated: 1, unchanged: 3 });
  });

  it('reports images that cannot be decoded, drops the vectors they had, and takes them up again', async () => {
    await index();
    await writeFile(path.join(pictures, 'a/2.png'), 'no picture any more');
    await writeFile(path.join(pictures, 'a/new.png'), '');
    const report = await index();
    expect(report).toMatchObject({ ...nothing, unchanged: 3, unreadable: [{ id: 'a/2.png' }, { id: 'a/new.png' }] });
    expect(report.unreadable[0].reason).toMatch(/cannot read the image '.*2.png': it is not an image/);
    expect(await ids()).toEqual(['a/1.png', "b, it's/3.png", 'b/4 ü.png']);
    await draw('a/2.png', 3);
    await draw('a/new.png', 4);
    expect(await index()).toMatchObject({ added: 2, unchanged: 3, unreadable: [] });
  });

  it('keeps the vector of a file that cannot be read at present', async () => {
    await index();
    const dataset = await loadDataset(pictures);
    const file = path.join(pictures, 'a/1.png');
    await rm(file);
    await symlink(file, file);
    const report = await index({ dataset: async () => dataset });
    expect(report).toMatchObject({ ...nothing, unchanged: 3, unreadable: [{ id: 'a/1.png' }] });
    expect(await ids()).toContain('a/1.png');
  });

  it('keeps what is below a folder that cannot be listed, or behind a link to a disk that is gone', async () => {
    await draw('disk/6.png', 6);
    await draw('c/d/7.png', 7);
    await index();
    await chmod(path.join(pictures, 'c'), 0);
    await rename(path.join(pictures, 'disk'), path.join(folder, 'unmounted'));
    await symlink(path.join(folder, 'nowhere'), path.join(pictures, 'disk'));
    await rm(path.join(pictures, 'a/1.png'));
    const dataset = await asOrdinaryUser(() => loadDataset(pictures));
    await chmod(path.join(pictures, 'c'), 0o755);
    const report = await index({ dataset: async () => dataset });
    expect(report).toMatchObject({
      ...nothing,
      removed: 1,
      unchanged: 3,
      outOfSight: 2,
      passedOver: dataset.passedOver,
    });
    expect(report.passedOver.map(({ id }) => id)).toEqual(['c/', 'disk']);
    expect(await ids()).toEqual(expect.arrayContaining(['c/d/7.png', 'disk/6.png']));
    await rm(path.join(pictures, 'disk'));
    expect(await index()).toMatchObject({ removed: 1, outOfSight: 0 });
    expect(await ids()).not.toContain('disk/6.png');
  });

  it('keeps what it has embedded when it is stopped, and goes on there', async () => {
    for (let image = 0; image < 40; image++) await draw(`many/${image}.png`, image);
    const stop = new AbortController();
    const onProgress = ({ work, unit, done, total }: Progress) => {
      expect({ work, unit, total }).toEqual({ work: 'indexing', unit: 'images', total: 44 });
      if (done >= 16) stop.abort(new Error('stopped'));
    };
    await expect(index({ onProgress, signal: stop.signal })).rejects.toThrow('stopped');
    const kept = await store.count();
    expect(kept).toBeGreaterThanOrEqual(16);
    expect(kept).toBeLessThan(44);
    expect(await index()).toEqual({ ...nothing, added: 44 - kept, unchanged: kept });
  });

  it('takes a link to the folder for the folder', async () => {
    await index();
    const noted = await store.note('source');
    const link = path.join(folder, 'link');
    await symlink(pictures, link);
    const dataset = () => loadDataset(link);
    expect(await indexImages({ dataset, embedder, store })).toEqual({ ...nothing, unchanged: 4 });
    expect(await store.note('source')).toBe(noted);
    await rm(link);
  });

  it('does not empty a store for the images of another folder', async () => {
    await index();
    const elsewhere = path.join(folder, 'elsewhere');
    await mkdir(elsewhere);
    await rename(path.join(pictures, 'a'), path.join(elsewhere, 'a'));
    const dataset = () => loadDataset(elsewhere);
    await expect(indexImages({ dataset, embedder, store })).rejects.toThrow(
      `the store 'store' mirrors '${pictures}', and indexing '${elsewhere}' would remove those images`,
    );
    expect(await store.count()).toBe(4);
    expect(await indexImages({ dataset, embedder, store, moved: true })).toEqual({
      ...nothing,
      removed: 2,
      unchanged: 2,
      goneFolders: [
        { folder: "b, it's", images: 1 },
        { folder: 'b', images: 1 },
      ].sort((a, b) => (a.folder < b.folder ? -1 : 1)),
    });
    expect(await indexImages({ dataset, embedder, store })).toEqual({ ...nothing, unchanged: 2 });
    await rm(elsewhere, { recursive: true });
  });
});
