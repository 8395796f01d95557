import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../../test/fixtures/tiny-model.ts';
import { lanceDbStores } from '../../stores/lancedb/store.ts';
import { openCatalogue } from '../open-catalogue.ts';

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);
const picture = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-thumbnails-'));
  await writeTinyModel(at('model.onnx'));
  await mkdir(at('pictures', 'a'), { recursive: true });
  await writeFile(at('pictures', 'a', 'wide.png'), await picture(900, 300, '#e02010'));
  await writeFile(at('pictures', 'a', 'small.png'), await picture(20, 30, '#1020e0'));
  await copyFile(at('pictures', 'a', 'small.png'), at('pictures', 'a', 'copy.png'));
  await writeFile(at('pictures', 'a', 'broken.png'), 'no picture');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const count = async (uri: string) => {
  const stamp = await lanceDbStores.stampAt(uri);
  if (stamp === undefined) return undefined;
  await using store = await lanceDbStores.open(uri, stamp);
  await using thumbnails = await store.thumbnails();
  return (await thumbnails?.hashes())?.size;
};

describe('thumbnails of a store', () => {
  it('are kept of every picture by its bytes, and are there when the files are gone', async () => {
    const store = at('kept.lance');
    await using catalogue = await openCatalogue(store, { model: at('model.onnx') });
    expect(await catalogue.index(at('pictures'))).not.toHaveProperty('thumbnails');
    expect(await catalogue.thumbnail('a/wide.png')).toBeUndefined();
    expect(await count(store)).toBeUndefined();
    expect(await catalogue.index(at('pictures'), { thumbnails: true })).toMatchObject({ added: 0, thumbnails: 2 });
    expect(await catalogue.index(at('pictures'))).toMatchObject({ unchanged: 3, thumbnails: 0 });
    // Moved: known by its bytes.
    await rename(at('pictures', 'a', 'wide.png'), at('pictures', 'a', 'moved.png'));
    expect(await catalogue.index(at('pictures'))).toMatchObject({ moved: 1, thumbnails: 0 });
    const upload = await picture(640, 640, '#10e020');
    await catalogue.put('upload', upload);
    await rename(at('pictures'), at('away'));
    for (const [id, sides, colour] of [
      ['a/moved.png', [320, 107], [0xe0, 0x20, 0x10]],
      ['a/copy.png', [20, 30], [0x10, 0x20, 0xe0]],
      ['upload', [320, 320], [0x10, 0xe0, 0x20]],
    ] as const) {
      const webp = sharp(await catalogue.thumbnail(id));
      const { data, info } = await webp.raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height], id).toEqual(sides);
      for (const [channel, value] of colour.entries()) expect(Math.abs(data[channel] - value)).toBeLessThan(4);
    }
    expect(await catalogue.thumbnail('none')).toBeUndefined();
    await rename(at('away'), at('pictures'));
  });

  it('go with the last image of their bytes, at the next index', async () => {
    const store = at('gone.lance');
    await using catalogue = await openCatalogue(store, { model: at('model.onnx') });
    await catalogue.index(at('pictures'), { thumbnails: true });
    await catalogue.add(at('pictures', 'a', 'small.png'), { prefix: 'more/' });
    await catalogue.put('bytes', await readFile(at('pictures', 'a', 'small.png')));
    expect(await count(store)).toBe(2);
    await rm(at('pictures', 'a', 'moved.png'));
    await catalogue.index(at('pictures'));
    expect(await count(store)).toBe(1);
  });

  it('can be done without where they are damaged, or the only thing that is left', async () => {
    const store = at('damaged.lance');
    await using catalogue = await openCatalogue(store, { model: at('model.onnx') });
    await catalogue.index(at('pictures'), { thumbnails: true });
    const data = at('damaged.lance', 'thumbnails.lance', 'data');
    for (const name of await readdir(data)) await writeFile(path.join(data, name), '');
    await expect(catalogue.index(at('pictures'))).rejects.toThrow(
      /^the thumbnails of the store '.*damaged.lance' are damaged .*: remove 'thumbnails.lance' in it, and index again/,
    );
    expect(await catalogue.count()).toBeGreaterThan(0);
    await rm(at('damaged.lance', 'thumbnails.lance'), { recursive: true });
    expect((await catalogue.index(at('pictures'), { thumbnails: true })).thumbnails).toBeGreaterThan(0);
    await rm(at('damaged.lance', 'images.lance'), { recursive: true });
    await using again = await openCatalogue(store, { model: at('model.onnx') });
    expect(await again.index(at('pictures'))).toMatchObject({ thumbnails: 0 });
  });
});
