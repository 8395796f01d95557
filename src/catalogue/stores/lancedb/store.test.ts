import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stamp } from '../../../../test/support/store-stamp.ts';
import { vectorStoreContract } from '../vector-store.contract.ts';
import { lanceDbStores } from './store.ts';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lookalike stores, it's "));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

vectorStoreContract('LanceDB', lanceDbStores, () => path.join(folder, `store ${made++}.lance`));

describe('a LanceDB store', () => {
  it('leaves no folder behind where it was not to be made', async () => {
    const uri = path.join(folder, 'missing', 'store');
    await expect(lanceDbStores.open(uri, stamp)).rejects.toThrow(/there is no store/);
    expect(await readdir(folder)).not.toContain('missing');
    const options = { create: true, anyDistance: true };
    await expect(lanceDbStores.open(uri, { ...stamp, distance: 'manhattan' }, options)).rejects.toThrow(
      /cannot search by manhattan/,
    );
    expect(await readdir(folder)).not.toContain('missing');
  });

  it('refuses a folder that holds something else, a file, and a database of another kind', async () => {
    const pictures = path.join(folder, 'pictures');
    await mkdir(pictures);
    await writeFile(path.join(pictures, 'a.jpg'), 'x');
    await expect(lanceDbStores.open(pictures, stamp, { create: true })).rejects.toThrow(
      /'.*pictures' is a folder with other things in it \('a.jpg'\)/,
    );
    await expect(lanceDbStores.open(pictures, stamp)).rejects.toThrow(/there is no store/);
    const file = path.join(pictures, 'a.jpg');
    for (const uri of [file, path.join(file, 'below')]) {
      await expect(lanceDbStores.open(uri, stamp, { create: true })).rejects.toThrow(/a store is a folder/);
    }
    const foreign = path.join(folder, 'foreign');
    const { connect } = await import('@lancedb/lancedb');
    await (await connect(foreign)).createTable('images', [{ id: 1, vector: [1, 2] }]);
    await expect(lanceDbStores.open(foreign, stamp)).rejects.toThrow(/not a store of lookalike's/);
  });

  it('finishes a store whose making was interrupted', async () => {
    const uri = path.join(folder, 'interrupted');
    await mkdir(path.join(uri, 'images.lance', '_versions'), { recursive: true });
    await expect(lanceDbStores.open(uri, stamp)).rejects.toThrow(/there is no store/);
    const store = await lanceDbStores.open(uri, stamp, { create: true });
    expect(await store.count()).toBe(0);
    await store.close();
  });

  it('keeps all that writers in two handles put at once', async () => {
    const uri = path.join(folder, 'two writers');
    const handles = [await lanceDbStores.open(uri, stamp, { create: true }), await lanceDbStores.open(uri, stamp)];
    const row = (id: string) => ({ id, contentHash: 'h', modifiedAt: 0, byteLength: 1, vector: new Float32Array(8) });
    await Promise.all(
      handles.flatMap((store, handle) =>
        [0, 1, 2].map((round) => store.write((writer) => writer.put([row(`${handle}/${round}`)]))),
      ),
    );
    const reader = await lanceDbStores.open(uri, stamp);
    expect((await reader.images()).map(({ id }) => id)).toEqual(['0/0', '0/1', '0/2', '1/0', '1/1', '1/2']);
    for (const store of [...handles, reader]) await store.close();
  });
});

describe('a LanceDB store that rows are put into one by one', () => {
  it('is tidied after many commits, so that the files of each do not pile up', async () => {
    const uri = path.join(folder, 'one by one');
    await using store = await lanceDbStores.open(uri, stamp, { create: true });
    const row = { contentHash: 'h', modifiedAt: 0, byteLength: 1, vector: new Float32Array(8).fill(1) };
    const filesIn = async () => (await readdir(uri, { recursive: true })).length;
    let most = 0;
    for (let place = 0; place < 130; place++) {
      await store.write((writer) => writer.put([{ ...row, id: `${place}` }]));
      most = Math.max(most, await filesIn());
    }
    expect(most).toBeGreaterThan(256);
    // Two commits have been made since.
    expect(await filesIn()).toBeLessThan(30);
    expect(await store.count()).toBe(130);
  });
});

describe('a LanceDB store of Hamming distances', () => {
  it('keeps one bit an element on disk', async () => {
    const uri = path.join(folder, 'bits');
    const store = await lanceDbStores.open(uri, { ...stamp, dimension: 20, distance: 'hamming' }, { create: true });
    const vector = Float32Array.from({ length: 20 }, (_, d) => (d % 3) - 1);
    await store.write((writer) => writer.put([{ id: 'a', contentHash: 'h', modifiedAt: 0, byteLength: 1, vector }]));
    await store.close();
    const { connect } = await import('@lancedb/lancedb');
    const [row] = await (await (await connect(uri)).openTable('images')).query().toArray();
    // Elements 2, 5, 8 and so on are above 0.
    expect([...row.vector]).toEqual([0b00100100, 0b10010010, 0b01000000]);
  });
});
