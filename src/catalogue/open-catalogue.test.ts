import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../test/fixtures/tiny-model.ts';
import { loadModel } from '../embedding/embedder.ts';
import { openCatalogue } from './open-catalogue.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-catalogue-'));
  await writeTinyModel(at('model.onnx'), 1);
  await writeTinyModel(at('other.onnx'), 2);
  await mkdir(at('pictures'));
  for (const [name, background] of Object.entries({ red: '#e02010', orange: '#e05010', blue: '#1020e0' })) {
    await sharp({ create: { width: 8, height: 8, channels: 3, background } }).toFile(at(`pictures/${name}.png`));
  }
  await writeFile(at('labels.csv'), 'image,label\npictures/red.png,warm\npictures/blue.png,cold\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a catalogue', () => {
  it('indexes a folder and finds the most alike images, also when it is opened again', async () => {
    const catalogue = await openCatalogue(at('store'), { model: at('model.onnx') });
    expect(await catalogue.index(at('pictures'))).toMatchObject({ added: 3 });
    await catalogue.close();
    const again = await openCatalogue(at('store'), { model: at('model.onnx') });
    expect(await again.count()).toBe(3);
    const found = await again.search(at('pictures/red.png'), 3);
    expect(found.map(({ id }) => id)).toEqual(['red.png', 'orange.png', 'blue.png']);
    expect(found[0]).toEqual({ id: 'red.png', distance: 0, path: at('pictures/red.png') });
    expect(await again.search(at('pictures/red.png'), 1, { except: ['red.png'] })).toMatchObject([
      { id: 'orange.png' },
    ]);
    await again.close();
  });

  it('takes an embedder, which it leaves open, and pixels as the query', async () => {
    const embedder = await loadModel(at('model.onnx'));
    const catalogue = await openCatalogue(at('store'), { model: embedder });
    const data = Uint8Array.from({ length: 12 }, (_, index) => [0x10, 0x20, 0xe0][index % 3]);
    const found = await catalogue.search({ kind: 'pixels', width: 2, height: 2, channels: 3, data }, 1);
    expect(found).toMatchObject([{ id: 'blue.png' }]);
    expect(found[0].distance).toBeCloseTo(0, 6);
    const bytes = await readFile(at('pictures/blue.png'));
    for (const image of [pathToFileURL(at('pictures/blue.png')), bytes, new Blob([Uint8Array.from(bytes)])]) {
      expect(await catalogue.search(image)).toEqual(await catalogue.search(at('pictures/blue.png'), 10));
    }
    await expect(Reflect.apply(catalogue.search, catalogue, [])).rejects.toThrow('this is undefined');
    await catalogue.close();
    expect(await embedder.embedPixels(new Uint8Array(0))).toHaveLength(0);
    await embedder.close();
  });

  it('finds the files that a CSV lists', async () => {
    const catalogue = await openCatalogue(at('csv store'), { model: at('model.onnx') });
    expect(await catalogue.index(at('labels.csv'))).toMatchObject({ added: 2 });
    const [found] = await catalogue.search(at('pictures/orange.png'), 1);
    expect(found).toMatchObject({ id: 'pictures/red.png', path: at('pictures/red.png') });
    await catalogue.close();
  });

  it('says what to do where there is no store, none of this model, or nothing in it', async () => {
    const other = await openCatalogue(at('store'), { model: at('other.onnx') });
    await expect(other.search(at('pictures/red.png'), 1)).rejects.toThrow(
      /the store '.*store' was made with another model: '.*model.onnx' .*, not '.*other.onnx' .*: use that model, or index into another store/,
    );
    await other.close();
    const missing = await openCatalogue(at('missing'), { model: at('model.onnx') });
    await expect(missing.search(at('pictures/red.png'), 1)).rejects.toThrow(/there is no store at '.*missing'/);
    await expect(missing.index(at('nowhere'))).rejects.toThrow(/nowhere/);
    await expect(missing.search(at('pictures/red.png'), 1)).rejects.toThrow(/there is no store at '.*missing'/);
    await mkdir(at('broken'));
    await writeFile(at('broken/a.png'), 'x');
    expect(await missing.index(at('broken'))).toMatchObject({ added: 0, unreadable: [{ id: 'a.png' }] });
    await expect(missing.search(at('pictures/red.png'), 1)).rejects.toThrow(
      /there are no images in the store '.*missing'/,
    );
    await missing.close();
  });
});
