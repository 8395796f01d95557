import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../test/fixtures/make-pictures.ts';
import { placesOf } from '../../../test/support/places-of.ts';
import { BoundedConcurrency } from '../../foundation/concurrency/bounded-concurrency.ts';
import type { ImageDataset } from '../datasets/dataset.ts';
import { loadDataset } from '../datasets/load-dataset.ts';
import type { UnreadableImageError } from '../decoding/unreadable-image-error.ts';
import { DiskPixels } from './disk-pixels.ts';
import { PixelCache } from './pixel-cache.ts';
import { preprocess } from './preprocess.ts';
import { preprocessingRule } from './preprocessing-rule.ts';

const rule = preprocessingRule(16, 16);
const bytesPerImage = 16 * 16 * 3;
let root = '';
let dataset: ImageDataset;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cache-'));
  await makePictures(root, { classes: 3, picturesPerClass: 3 });
  await writeFile(path.join(root, 'bars', '2b.jpg'), 'no picture');
  await writeFile(path.join(root, 'cross', '9.png'), '');
  dataset = await loadDataset(root);
});
afterAll(() => rm(root, { recursive: true }));

const readable = () => dataset.images.flatMap(({ id }, index) => (/2b|9/.test(id) ? [] : [index]));

/** What a cache without a disk finds unreadable. */
async function scanned() {
  const cache = new PixelCache(dataset, rule);
  await cache.scan();
  return cache.unreadable;
}

describe('PixelCache', () => {
  it('has files prepared by threads that it is given, with the same pixels and the same refusals', async () => {
    const asked: (string | Uint8Array)[] = [];
    const preparation = {
      prepare: async (sources: readonly (string | Uint8Array)[]) => {
        asked.push(...sources);
        return Promise.all(
          sources.map((source) => {
            const image = typeof source === 'string' ? ({ kind: 'file', path: source } as const) : Buffer.from(source);
            return preprocess(image, rule).catch((error: unknown) => error as UnreadableImageError);
          }),
        );
      },
    };
    const [here, there] = [new PixelCache(dataset, rule), new PixelCache(dataset, rule, { preparation })];
    expect(await there.scan()).toEqual(await here.scan());
    expect(asked).toHaveLength(11);
    const places = placesOf(readable());
    expect(await there.load(places)).toEqual(await here.load(places));
    expect(there.unreadable).toEqual(here.unreadable);
    const onDisk = await mkdtemp(path.join(tmpdir(), 'cache-disk-'));
    await using disk = new DiskPixels({ folder: onDisk, keep: false, budgetBytes: 1e6 });
    const beside = new PixelCache(dataset, rule, { preparation, disk, budgetBytes: 0 });
    expect(await beside.scan()).toEqual(readable());
    expect(await beside.load(places)).toEqual(await here.load(places));
    expect(asked.filter((source) => typeof source !== 'string').length).toBeGreaterThan(5);
    await rm(onDisk, { recursive: true, force: true });
  });

  it('scans: the places of what can be decoded, and a list of the rest', async () => {
    const cache = new PixelCache(dataset, rule);
    const seen: number[] = [];
    const found = await cache.scan({
      onProgress: ({ done, total }) => {
        expect(total).toBe(11);
        seen.push(done);
      },
    });
    expect(found).toEqual(readable());
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(cache.unreadable.map(({ id, index }) => [id, dataset.images[index].id])).toEqual([
      ['bars/2b.jpg', 'bars/2b.jpg'],
      ['cross/9.png', 'cross/9.png'],
    ]);
    expect(cache.unreadable[0].reason).toContain('not an image');
    expect(cache.unreadable[1].reason).toContain('0 bytes');
    const pixels = new Map<number, Uint8Array>();
    await cache.scan(undefined, (index, data) => pixels.set(index, data));
    expect(cache.unreadable.length).toBe(2);
    expect([...pixels.keys()].sort((a, b) => a - b)).toEqual(readable());
    expect(readable().map((index) => pixels.get(index))).toEqual(await cache.load(placesOf(readable())));
  });

  it.each([0, 4 * bytesPerImage + 5, 1e9])('gives the same pixels with a budget of %d bytes', async (budgetBytes) => {
    const cache = new PixelCache(dataset, rule, { budgetBytes, concurrency: 2 });
    const places = placesOf([...readable(), ...readable().reverse(), readable()[2]]);
    const expected = await Promise.all(places.map((place) => preprocess(dataset.images[place].source, rule)));
    expect(await cache.load(places)).toEqual(expected);
    expect(cache.remembered).toBe(Math.min(readable().length, Math.floor(budgetBytes / bytesPerImage)));
    const batch = await cache.batch(places);
    expect(batch).toEqual(Uint8Array.from(expected.flatMap((pixels) => [...pixels])));
  });

  it('decodes an image that is remembered, or asked for twice at once, only once', async () => {
    const file = path.join(root, 'alone.png');
    await copyFile(path.join(root, 'bars/1.png'), file);
    const image = { id: 'alone.png', source: { kind: 'file', path: file }, label: undefined } as const;
    const cache = new PixelCache({ ...dataset, images: [image] }, rule);
    const [first, second] = await cache.load(placesOf([0, 0]));
    expect(second).toBe(first);
    await rm(file);
    expect((await cache.load(placesOf([0])))[0]).toBe(first);
    await expect(new PixelCache({ ...dataset, images: [image] }, rule).load(placesOf([0]))).rejects.toThrow(
      'no such file',
    );
  });

  it('remembers on disk what memory has no room for, and finds it again', async () => {
    const folder = path.join(root, 'pixels');
    const pictures = path.join(root, 'copy');
    await cp(path.join(root, 'bars'), pictures, { recursive: true });
    const copied = await loadDataset(pictures);
    const expected = new Map<number, Uint8Array>();
    for (const index of await new PixelCache(copied, rule).scan()) {
      expected.set(index, await preprocess(copied.images[index].source, rule));
    }
    const places = placesOf([...expected.keys()]);
    const options = { budgetBytes: bytesPerImage, concurrency: 2 };
    const disk = new DiskPixels({ folder });
    const cache = new PixelCache(copied, rule, { ...options, disk });
    expect(await cache.scan()).toEqual(places);
    expect(cache.remembered).toBe(1);
    // Every picture is gone, and yet all of them are there.
    await Promise.all(copied.images.map(({ source }) => source.kind === 'file' && writeFile(source.path, 'gone')));
    expect(await cache.load(places)).toEqual([...expected.values()]);
    await disk.close();
    // A picture with another content is another picture.
    const later = new DiskPixels({ folder });
    const changed = new PixelCache(copied, rule, { ...options, disk: later });
    expect(await changed.scan()).toEqual([]);
    expect(changed.unreadable.length).toBe(copied.images.length);
    await later.remove();
  });

  it('keeps every picture on disk, if that is asked for, and decodes none of them again', async () => {
    const disk = new DiskPixels({ folder: path.join(root, 'kept'), keep: true });
    await new PixelCache(dataset, rule, { disk }).scan();
    await disk.close();
    const again = new DiskPixels({ folder: path.join(root, 'kept'), keep: true });
    for (const index of readable()) {
      const { source } = dataset.images[index];
      const bytes = await readFile(source.kind === 'file' ? source.path : '');
      const pixels = await preprocess(source, rule);
      expect(await again.read(rule, DiskPixels.keyOf(bytes))).toEqual(pixels);
    }
    const cache = new PixelCache(dataset, rule, { disk: again });
    expect(await cache.scan()).toEqual(readable());
    expect(cache.unreadable.map(({ reason }) => reason)).toEqual((await scanned()).map(({ reason }) => reason));
    await again.close();
    await rm(path.join(root, 'kept'), { recursive: true });
  });

  it('refuses an unreadable image by its name, and a place outside the dataset', async () => {
    const cache = new PixelCache(dataset, rule);
    const broken = dataset.images.findIndex(({ id }) => id === 'cross/9.png');
    await expect(cache.load(placesOf([broken]))).rejects.toThrow('cross/9.png');
    await expect(cache.load(placesOf([broken]))).rejects.toThrow('cross/9.png');
    expect(cache.unreadable.map(({ index }) => index)).toEqual([broken]);
    await expect(cache.batch(placesOf([11]))).rejects.toThrow('there is no image 11: the dataset has 11');
  });
});

describe('BoundedConcurrency', () => {
  it('never runs more at a time than it may, and starts the others in their order', async () => {
    const bounded = new BoundedConcurrency(3);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const job = async (number: number) => {
      started.push(number);
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, number % 3));
      running--;
      if (number === 5) throw new Error('five');
      return number * 2;
    };
    const results = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => bounded.run(() => job(i))));
    expect(most).toBe(3);
    expect(started).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual(
      Array.from({ length: 12 }, (_, i) => (i === 5 ? 'failed' : i * 2)),
    );
  });

  it.each([0, 1.5, -2])('refuses %d at a time', (limit) => {
    expect(() => new BoundedConcurrency(limit)).toThrow('whole number of at least 1');
  });
});
