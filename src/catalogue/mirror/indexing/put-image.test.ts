import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../../test/fixtures/tiny-model.ts';
import type { Catalogue } from '../catalogue.ts';
import { openCatalogue } from '../open-catalogue.ts';

let folder: string;
let catalogue: Catalogue;
let made = 0;
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-put-'));
  await writeTinyModel(at('model.onnx'));
  await mkdir(at('pictures'));
  for (const [name, background] of Object.entries({ red: '#e02010', orange: '#e05010', blue: '#1020e0' })) {
    await sharp({ create: { width: 8, height: 8, channels: 3, background } }).toFile(at('pictures', `${name}.png`));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  catalogue = await openCatalogue(at(`store ${made++}`), { model: at('model.onnx') });
  return () => catalogue.close();
});

describe('images that are put into a catalogue one by one', () => {
  it('are found with what is known of them, from files and from bytes, and are gone when they are removed', async () => {
    const upload = await readFile(at('pictures', 'red.png'));
    const since = new Date('2024-03-01');
    await catalogue.put('17', upload, { price: 49.5, tags: ['new'], since });
    await catalogue.put('18', at('pictures', 'orange.png'), { price: 60 });
    await catalogue.put('19', { width: 1, height: 1, channels: 3, data: Uint8Array.of(16, 32, 224) });
    const found = await catalogue.search(upload, { k: 2 });
    expect(found).toMatchObject([
      { id: '17', distance: 0, metadata: { price: 49.5, tags: ['new'], since } },
      { id: '18', metadata: { price: 60 }, path: at('pictures', 'orange.png') },
    ]);
    expect(found[0].path).toBeUndefined();
    const cheap = { k: 5, filter: 'price < 50' };
    expect((await catalogue.search(upload, cheap)).map(({ id }) => id)).toEqual(['17']);
    await catalogue.put('18', at('pictures', 'orange.png'), { price: 40 });
    expect((await catalogue.images('price < 50')).map(({ id }) => id)).toEqual(['17', '18']);
    expect(await catalogue.remove(['17', 'never there', '17'])).toBe(1);
    expect((await catalogue.search(upload, cheap)).map(({ id }) => id)).toEqual(['18']);
    expect(await catalogue.fields()).toHaveLength(3);
  });

  it('stay when a folder is indexed', async () => {
    await catalogue.put('upload', at('pictures', 'red.png'));
    expect(await catalogue.index(at('pictures'))).toMatchObject({ added: 3, removed: 0 });
    expect(await catalogue.index(at('pictures'))).toMatchObject({ unchanged: 3, removed: 0 });
    expect(await catalogue.count()).toBe(4);
  });

  it('are looked for by name, by vector, by the mean of several and by examples', async () => {
    for (const name of ['red', 'orange', 'blue']) await catalogue.put(name, at('pictures', `${name}.png`));
    const names = async (...given: Parameters<Catalogue['search']>) =>
      (await catalogue.search(...given)).map(({ id }) => id);
    expect(await names({ id: 'blue' })).toEqual(await names(at('pictures', 'blue.png')));
    const vector = await catalogue.embedder.embedImage(at('pictures', 'orange.png'));
    expect((await catalogue.search({ vector: [...vector] }, 1))[0]).toEqual({
      id: 'orange',
      distance: 0,
      path: at('pictures', 'orange.png'),
    });
    const [a, b] = await Promise.all(
      ['red', 'blue'].map((name) => catalogue.embedder.embedImage(at('pictures', `${name}.png`))),
    );
    const mean = a.map((x, d) => (x + b[d]) / 2);
    const length = Math.hypot(...mean);
    const expected = await catalogue.search({ vector: mean.map((x) => x / length) });
    const found = await catalogue.search([{ id: 'red' }, at('pictures', 'blue.png')]);
    // Red and blue are equally far from their mean, but for rounding: which comes first is not said.
    const distanceOf = new Map(expected.map(({ id, distance }) => [id, distance]));
    expect(found.map(({ id }) => id).sort()).toEqual([...distanceOf.keys()].sort());
    expect(found.at(-1)!.id).toBe('orange');
    for (const { id, distance } of found) expect(distance).toBeCloseTo(distanceOf.get(id)!, 6);
    // By Rocchio's formula, written out.
    const rocchio = a.map((x, d) => x + 0.75 * vector[d] - 0.15 * b[d]);
    const size = Math.hypot(...rocchio);
    const byHand = await catalogue.search({ vector: rocchio.map((x) => x / size) });
    const examples = { like: [{ id: 'orange' }], unlike: [{ id: 'blue' }] };
    for (const [place, one] of (await catalogue.search({ id: 'red' }, examples)).entries()) {
      expect(one.id).toBe(byHand[place].id);
      expect(one.distance).toBeCloseTo(byHand[place].distance, 6);
    }
    expect(await names([], { like: [{ id: 'blue' }], k: 1 })).toEqual(['blue']);
    expect(await names({ id: 'red' }, { k: 1, offset: 2 })).toEqual((await names({ id: 'red' })).slice(2));
    const all = await catalogue.search({ id: 'red' });
    expect(await catalogue.search({ id: 'red' }, { maxDistance: all[1].distance })).toEqual(all.slice(0, 2));
  });

  it('are refused where something is wrong, and nothing is put', async () => {
    await catalogue.put('a', at('pictures', 'red.png'), { price: 1 });
    const wrong: readonly [() => Promise<unknown>, string][] = [
      [() => catalogue.put('', at('pictures', 'red.png')), 'id: what the image is called is expected'],
      [() => catalogue.put('b', at('pictures', 'no.png')), 'there is no such file'],
      [() => catalogue.put('b', Uint8Array.of(1, 2, 3)), 'it is not an image'],
      [() => catalogue.put('b', at('pictures', 'red.png'), { price: 'cheap' }), 'holds numbers'],
      [() => catalogue.put('b', at('pictures', 'red.png'), { id: 'x' }), 'is what images themselves are called'],
      [
        () => Reflect.apply(catalogue.put, catalogue, ['b', at('pictures', 'red.png'), { a: { b: 1 } }]),
        "the value of 'a' is no text, number",
      ],
      [() => Reflect.apply(catalogue.put, catalogue, ['b', at('pictures', 'red.png'), 5]), 'are not an object such as'],
      [() => Reflect.apply(catalogue.search, catalogue, [{ id: 'a' }, { kk: 5 }]), 'kk'],
      [() => catalogue.search({ id: 'b' }), "there is no image 'b' in the store"],
      [() => catalogue.put('\ud800', at('pictures', 'red.png')), 'id: what the image is called is expected'],
      [() => catalogue.search({ vector: [1, 2] }), "as the model's embeddings have; this one has 2"],
      ...[Number.NaN, 1e38].map((number): [() => unknown, string] => [
        () => catalogue.search({ vector: new Float32Array(catalogue.embedder.dimension).fill(number) }),
        `has finite numbers of at most 1e+15; this one has ${Math.fround(number)} at place 0`,
      ]),
      [() => catalogue.search([]), 'nothing is looked for'],
      [() => catalogue.search({ id: 'a' }, { filter: 'prize < 5' }), 'did you mean price?'],
      [() => catalogue.search({ id: 'a' }, { minAlike: 0.5 }), 'needs a calibrated model'],
      [() => catalogue.search({ id: 'a' }, { minAlike: 2 }), 'a share from 0 to 1'],
      [() => Reflect.apply(catalogue.remove, catalogue, ['a']), 'an array of ids'],
      [() => Reflect.apply(catalogue.images, catalogue, [{ where: 5 }]), "a filter such as class = 'shoes'"],
    ];
    for (const [call, message] of wrong) await expect(call(), message).rejects.toThrow(message);
    expect(await catalogue.count()).toBe(1);
  });
});
