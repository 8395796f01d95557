import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageDataset } from '../datasets/dataset.ts';
import { loadDataset } from '../datasets/load-dataset.ts';
import { inspectDataset } from './inspect-dataset.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'inspect-'));
});
afterEach(() => rm(root, { recursive: true }));

/** A picture that no other call with another seed makes. */
async function picture(name: string, width: number, height: number, seed: number): Promise<void> {
  await mkdir(path.join(root, path.dirname(name)), { recursive: true });
  const background = { r: seed, g: 2 * seed, b: 0 };
  await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toFile(path.join(root, name));
}

describe('inspectDataset', () => {
  it('counts classes, sizes, broken files and copies', async () => {
    await picture('a/1.png', 10, 40, 1);
    await picture('a/2.png', 20, 30, 2);
    await picture('a/3.png', 30, 20, 3);
    await picture('b/1.png', 40, 10, 4);
    await picture('c/1.png', 50, 10, 5);
    await picture('0.png', 60, 60, 6);
    const copy = (from: string, to: string) => copyFile(path.join(root, from), path.join(root, to));
    await copy('a/1.png', 'a/copy.png');
    await copy('a/2.png', 'b/copy.png');
    await copy('0.png', 'a/of none.png');
    await writeFile(path.join(root, 'b/text.jpg'), 'text');
    await writeFile(path.join(root, 'c/empty.png'), '');
    const told: [number, number | undefined][] = [];
    const report = await inspectDataset(await loadDataset(root), {
      onProgress: ({ done, total }) => told.push([done, total]),
    });
    expect(report).toEqual({
      root,
      layout: 'class-folders',
      images: 11,
      classes: [
        { name: 'a', images: 5 },
        { name: 'b', images: 2 },
        { name: 'c', images: 1 },
      ],
      unlabelled: 1,
      singleImageClasses: ['c'],
      // Widths 10 10 20 20 30 40 50 60 60, heights 10 10 20 30 30 40 40 60 60.
      sizes: { width: { smallest: 10, median: 30, largest: 60 }, height: { smallest: 10, median: 30, largest: 60 } },
      passedOver: [],
      unreadable: [
        { id: 'b/text.jpg', reason: expect.stringContaining('it is not an image') },
        { id: 'c/empty.png', reason: expect.stringContaining('0 bytes') },
      ],
      duplicatesWithinClasses: [
        { ids: ['0.png', 'a/of none.png'], classes: ['a'] },
        { ids: ['a/1.png', 'a/copy.png'], classes: ['a'] },
      ],
      duplicatesAcrossClasses: [{ ids: ['a/2.png', 'b/copy.png'], classes: ['a', 'b'] }],
    });
    expect(told).toEqual(Array.from({ length: 11 }, (_, i) => [i + 1, 11]));
  });

  it('has no sizes where nothing can be read', async () => {
    await writeFile(path.join(root, '1.jpg'), 'text');
    const { sizes, unreadable, classes } = await inspectDataset(await loadDataset(root));
    expect([sizes, unreadable.length, classes]).toEqual([undefined, 1, []]);
  });

  it('finds copies among pixels that the dataset carries, of the same size alone', async () => {
    const pixels = (id: string, width: number, height: number, data: readonly number[]) => ({
      id,
      source: { kind: 'pixels', width, height, channels: 1, data: Uint8Array.from(data) } as const,
      label: 0,
    });
    const images = [pixels('#0', 2, 1, [1, 2]), pixels('#1', 1, 2, [1, 2]), pixels('#2', 2, 1, [1, 2])];
    const dataset: ImageDataset = { root, layout: 'idx', classes: ['x'], images };
    expect((await inspectDataset(dataset)).duplicatesWithinClasses).toEqual([{ ids: ['#0', '#2'], classes: ['x'] }]);
  });
});
