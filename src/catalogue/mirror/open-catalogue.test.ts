import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../test/fixtures/tiny-model.ts';
import { loadModel } from '../embedding/embedder.ts';
import { lanceDbStores } from '../stores/lancedb/store.ts';
import { lockStore } from '../stores/store-lock.ts';
import { modelStamp } from './model-stamp.ts';
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
    expect(await again.find('red.png')).toMatchObject({ id: 'red.png', path: at('pictures/red.png') });
    for (const id of ['red', '../pictures/red.png', "' OR 'a' = 'a"]) expect(await again.find(id)).toBeUndefined();
    expect(await again.exists()).toBe(true);
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

  it('takes several index calls at once, of one catalogue and of several, and keeps each image once', async () => {
    const catalogues = await Promise.all([1, 2].map(() => openCatalogue(at('at once'), { model: at('model.onnx') })));
    const [first, second] = catalogues;
    const waitedFor: number[] = [];
    const onWait = (holder: { readonly process: number }) => waitedFor.push(holder.process);
    const reports = await Promise.all(
      [first, second, first, second].map((one) => one.index(at('pictures'), { onWait })),
    );
    expect(reports.reduce((sum, { added }) => sum + added, 0)).toBe(3);
    for (const { added, updated, unchanged } of reports) expect(added + updated + unchanged).toBe(3);
    expect(new Set(waitedFor)).toEqual(new Set([process.pid]));
    for (const one of catalogues) {
      expect((await one.search(at('pictures/red.png'), 10)).map(({ id }) => id)).toEqual([
        'red.png',
        'orange.png',
        'blue.png',
      ]);
      await one.close();
    }
  });

  it('lists the images when it is its turn, so that it removes none that another task has put there meanwhile', async () => {
    await mkdir(at('growing'));
    await cp(at('pictures/red.png'), at('growing/red.png'));
    const catalogue = await openCatalogue(at('growing store'), { model: at('model.onnx') });
    await catalogue.index(at('growing'));
    const held = await lockStore('x', at('growing store'), {});
    const late = catalogue.index(at('growing'), {
      // Another task adds a picture while this one waits.
      onWait: () => cp(at('pictures/blue.png'), at('growing/blue.png')).then(() => held.release()),
    });
    expect(await late).toMatchObject({ added: 1, removed: 0 });
    await catalogue.close();
  });

  it("uses the store's own model where none is named, as long as it is that", async () => {
    await cp(at('model.onnx'), at('own.onnx'));
    const made = await openCatalogue(at('own store'), { model: at('own.onnx') });
    await made.index(at('pictures'));
    await made.close();
    const own = await openCatalogue(at('own store'));
    expect(own.embedder.model.path).toBe(at('own.onnx'));
    expect(await own.index(at('pictures'))).toMatchObject({ unchanged: 3 });
    await own.close();
    await cp(at('other.onnx'), at('own.onnx'));
    await expect(openCatalogue(at('own store'))).rejects.toThrow(
      /the store '.*own store' was made with the model '.*own.onnx' \(SHA-256 .{12}\), and that file is another model by now \(SHA-256 .{12}\)/,
    );
    await rm(at('own.onnx'));
    await expect(openCatalogue(at('own store'))).rejects.toThrow(
      /that file is not there any more: name a copy of that model, or index/,
    );
    await expect(openCatalogue(at('no store'))).rejects.toThrow(
      /there is no store at '.*no store', which a model is needed to make/,
    );
  });

  it('names a store whose notes on itself are damaged', async () => {
    const catalogue = await openCatalogue(at('notes'), { model: at('model.onnx') });
    await catalogue.index(at('pictures'));
    await catalogue.close();
    for (const [note, message] of [
      ['{{', /note on the place that it mirrors is not JSON/],
      ['{"location":"/x"}', /note on the place that it mirrors is wrong, 'folder' is missing/],
      ['{"location":"/x","folder":null,"more":1}', /note on the place that it mirrors is wrong, .*more/],
    ] as const) {
      const stores = await openCatalogue(at('notes'), { model: at('model.onnx') });
      const store = await lanceDbStores.open(at('notes'), modelStamp(stores.embedder.model));
      await store.write((writer) => writer.setNote('source', note));
      await store.close();
      const works = [() => stores.index(at('pictures')), () => stores.search(at('pictures/red.png'), 1)];
      for (const work of works) {
        const said = await work().then(String, ({ message: words }: Error) => words);
        expect(said).toMatch(/^the store '.*notes' is damaged, or of a later lookalike: its /);
        expect(said).toMatch(message);
      }
      await stores.close();
    }
  });
});
