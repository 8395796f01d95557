import { copyFile, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type Table } from '@lancedb/lancedb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stamp } from '../../../../test/support/store-stamp.ts';
import type { StoredVector } from '../vector-store.ts';
import { lanceDbStores } from './store.ts';
import { makeFolder } from './table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-writers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function row(id: string, contentHash = 'h', element = 0) {
  return {
    id,
    contentHash,
    modifiedAt: 0,
    byteLength: 1,
    vector: new Float32Array(8).fill(element),
  } satisfies StoredVector;
}

/** Makes a store with images of these ids. */
async function made(uri: string, ids: readonly string[]): Promise<void> {
  const store = await lanceDbStores.open(uri, stamp, { create: true });
  await store.write((writer) => writer.put(ids.map((id) => row(id))));
  await store.close();
}

/** Works on a store's table as a program does that knows LanceDB alone. */
async function raw(uri: string, work: (table: Table) => Promise<unknown>): Promise<void> {
  const connection = await connect(uri);
  const table = await connection.openTable('images');
  await work(table);
  table.close();
  connection.close();
}

describe('a LanceDB store', () => {
  it.each(['memory:', 'file:a/b', 'c:dir', 'a?b#c%20d'])(
    'is in a folder of the name %j, where that is',
    async (name) => {
      const before = process.cwd();
      process.chdir(await mkdtemp(path.join(folder, 'place ')));
      try {
        await made(name, ['a']);
        expect(await readdir(name)).toContain('images.lance');
        const again = await lanceDbStores.open(name, stamp);
        expect(await again.count()).toBe(1);
        await again.close();
      } finally {
        process.chdir(before);
      }
    },
  );

  it('mends images that another program has put there twice, and finds each once before that', async () => {
    const uri = path.join(folder, 'doubled');
    await made(uri, ['a', 'b', 'c']);
    await raw(uri, (table) => table.add([row('b', 'later', 1), row('c', 'later', 1)]));
    await raw(uri, (table) => table.add([row('b', 'last', 2)]));
    const store = await lanceDbStores.open(uri, stamp);
    const query = new Float32Array(8).fill(2);
    for (const k of [1, 2, 3, 4, 100]) {
      const found = (await store.search(query, k)).map(({ id }) => id);
      expect(found).toEqual(['b', 'c', 'a'].slice(0, k));
    }
    expect((await store.images()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(await store.write((writer) => writer.mend())).toBe(2);
    expect((await store.images()).map(({ id, contentHash }) => [id, contentHash])).toEqual([
      ['a', 'h'],
      ['b', 'last'],
      ['c', 'later'],
    ]);
    expect(await store.count()).toBe(3);
    expect(await store.write((writer) => writer.mend())).toBe(0);
    await store.close();
  });

  it('does not take an id twice from programs that merge at once without its lock', async () => {
    const uri = path.join(folder, 'merged at once');
    await made(uri, ['there']);
    const rows = [row('new'), row('there')];
    await raw(uri, (first) =>
      raw(uri, (second) =>
        Promise.allSettled(
          [first, second, first, second].map((table) =>
            table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(rows),
          ),
        ),
      ),
    );
    const store = await lanceDbStores.open(uri, stamp);
    expect(await store.count()).toBe(2);
    await store.close();
  });

  it('clears up what killed writers left, while readers go on', async () => {
    const uri = path.join(folder, 'left over');
    await made(uri, ['a', 'b']);
    const reader = await lanceDbStores.open(uri, stamp);
    const data = path.join(uri, 'images.lance', 'data');
    const [file] = await readdir(data);
    for (const digit of ['1', '2', '3'])
      await copyFile(path.join(data, file), path.join(data, `${digit.repeat(24)}.lance`));
    const store = await lanceDbStores.open(uri, stamp);
    for (const id of ['c', 'd', 'e', 'f']) await store.write((writer) => writer.put([row(id)]));
    let written = false;
    const reading = (async () => {
      let searches = 0;
      while (!written) {
        expect(await reader.search(new Float32Array(8), 100)).toHaveLength(6);
        expect(await reader.images()).toHaveLength(6);
        searches++;
      }
      return searches;
    })();
    for (let round = 0; round < 15; round++) {
      await store.write(async (writer) => {
        await writer.put([row('a', `round ${round}`)]);
        await writer.tidy();
      });
    }
    written = true;
    expect(await reading).toBeGreaterThan(3);
    const left = (await readdir(uri, { recursive: true })).filter((name) => /\.\w+$/.test(path.basename(name)));
    expect(left.filter((name) => /(\d)\1{23}/.test(name))).toEqual([]);
    expect(left.length).toBeLessThan(15);
    for (const one of [reader, store]) await one.close();
  });

  it('gives a reader whose files are gone the present state', async () => {
    const uri = path.join(folder, 'gone below');
    await made(uri, ['a', 'b']);
    const reader = await lanceDbStores.open(uri, stamp);
    await reader.count();
    await raw(uri, async (table) => {
      await table.add([row('c')]);
      await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
    });
    expect((await reader.images()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    await reader.close();
  });

  it.runIf(process.platform !== 'win32')('gives its files the mode of the umask', async () => {
    const uri = path.join(folder, 'modes');
    const store = await lanceDbStores.open(uri, stamp, { create: true });
    await store.write(async (writer) => {
      await writer.put([row('a'), row('b')]);
      await writer.put([row('c')]);
      await writer.remove(['a']);
      await writer.setNote('source', 'x');
      await writer.tidy();
    });
    await store.close();
    const ordinary = path.join(folder, 'ordinary');
    await writeFile(ordinary, '');
    const mode = (await stat(ordinary)).mode & 0o777;
    expect(mode).not.toBe(0o600);
    const modes = new Map<string, number>();
    for (const name of await readdir(uri, { recursive: true })) {
      const found = await stat(path.join(uri, name));
      if (found.isFile()) modes.set(name, found.mode & 0o777);
    }
    expect(modes.size).toBeGreaterThanOrEqual(3);
    expect(new Set(modes.values())).toEqual(new Set([mode]));
  });

  it('writes no more once its lock was taken', async () => {
    const uri = path.join(folder, 'taken');
    const store = await lanceDbStores.open(uri, stamp, { create: true });
    const writing = store.write(async (writer) => {
      await writer.put([row('a')]);
      await rm(path.join(uri, 'lock.json'));
      await writer.put([row('b')]);
    });
    await expect(writing).rejects.toThrow(
      /the store '.*taken' is being written, but this process stood still, and somebody removed/,
    );
    expect((await store.images()).map(({ id }) => id)).toEqual(['a']);
    await store.close();
  });

  it('is made once by many at once', async () => {
    const uri = path.join(folder, 'made at once');
    const stores = await Promise.all(Array.from({ length: 4 }, () => lanceDbStores.open(uri, stamp, { create: true })));
    await Promise.all(stores.map((store, place) => store.write((writer) => writer.put([row(`${place}`), row('all')]))));
    expect((await stores[0].images()).map(({ id }) => id)).toEqual(['0', '1', '2', '3', 'all']);
    for (const store of stores) await store.close();
  });

  it('may have been made since it was looked for', async () => {
    const uri = path.join(folder, 'made meanwhile');
    await made(uri, ['a']);
    await writeFile(path.join(uri, 'lock.json'), '{}');
    await makeFolder(lanceDbStores, uri, uri, stamp);
    await writeFile(path.join(uri, 'a.jpg'), '');
    await expect(makeFolder(lanceDbStores, uri, uri, stamp)).rejects.toThrow(/other things in it \('a.jpg'\)/);
  });

  it('removes tens of thousands of images all or none', async () => {
    const uri = path.join(folder, 'many');
    const ids = Array.from({ length: 20_000 }, (_, place) => `some folder/it's ${place}.jpg`);
    await made(uri, ids);
    const store = await lanceDbStores.open(uri, stamp);
    const versions = async (): Promise<number> => {
      const found: number[] = [];
      await raw(uri, async (table) => found.push((await table.listVersions()).length));
      return found[0];
    };
    const before = await versions();
    await store.write((writer) => writer.remove(ids.slice(10)));
    expect(await versions()).toBe(before + 1);
    expect(await store.count()).toBe(10);
    await store.close();
  });
});
