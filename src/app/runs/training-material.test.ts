import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../test/fixtures/make-pictures.ts';
import { loadTrainingMaterial } from './training-material.ts';

let folder = '';
const at = (...names: string[]) => path.join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'training material '));
  await makePictures(at('pictures'), { classes: 2, picturesPerClass: 2, size: 8 });
  await makePictures(at('one class'), { classes: 1, picturesPerClass: 2, size: 8 });
  await makePictures(at('flat'), { classes: 1, picturesPerClass: 2, size: 8 });
  await mkdir(at('empty'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadTrainingMaterial', () => {
  it('loads class folders', async () => {
    const { dataset, triplets } = await loadTrainingMaterial(at('pictures'));
    expect(triplets).toBeUndefined();
    expect(dataset.images.map(({ id, label }) => [id, label])).toEqual([
      ['arrow/1.png', 0],
      ['arrow/2.png', 0],
      ['bars/1.png', 1],
      ['bars/2.png', 1],
    ]);
  });

  it('loads triplets with places instead of paths, each image once', async () => {
    const rows = ['query,positive,negative', 'arrow/1.png,arrow/2.png,bars/1.png', 'bars/1.png,bars/2.png,arrow/1.png'];
    await writeFile(at('pictures', 'triplets.csv'), rows.join('\n'));
    const { dataset, triplets } = await loadTrainingMaterial(at('pictures', 'triplets.csv'));
    const ids = dataset.images.map(({ id }) => id);
    expect([...ids].sort()).toEqual(['arrow/1.png', 'arrow/2.png', 'bars/1.png', 'bars/2.png']);
    expect(triplets?.map((t) => [ids[t.query], ids[t.positive], ids[t.negative]])).toEqual([
      ['arrow/1.png', 'arrow/2.png', 'bars/1.png'],
      ['bars/1.png', 'bars/2.png', 'arrow/1.png'],
    ]);
    for (const { id, source } of dataset.images) expect(source).toEqual({ kind: 'file', path: at('pictures', id) });
    expect(dataset.classes).toEqual([]);
  });

  it.each([
    ['missing', /there is nothing at '.*missing': check the path/],
    ['empty', /empty/],
    ['one class', /the images in '.*one class' are all of one class, 'arrow': a triplet needs a negative/],
    ['flat/arrow', /the images in '.*arrow' have no classes, so nothing says which are alike/],
  ])('refuses a folder that nothing can be learnt from: %s', async (name, message) => {
    await expect(loadTrainingMaterial(at(name))).rejects.toThrow(message);
  });
});
