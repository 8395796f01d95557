import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresServer } from '../../../../test/support/postgres-server.ts';
import { stamp } from '../../../../test/support/store-stamp.ts';
import { type LockHolder, thisProcess } from '../../../foundation/files/lock-holder.ts';
import { storeIndexesContract } from '../store-indexes.contract.ts';
import { vectorStoreContract } from '../vector-store.contract.ts';
import type { StoredVector, VectorStore } from '../vector-store.ts';
import { postgresStores } from './store.ts';

let server: PostgresServer;
let made = 0;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.stop());

vectorStoreContract('PostgreSQL', postgresStores, () => server.uri(`store_${made++}`));
const poorGraph = { kind: 'hnsw', build: { m: 2, efConstruction: 4 }, efforts: [{ candidates: 1 }] };
const goodGraph = { kind: 'hnsw', build: { m: 16, efConstruction: 64 }, efforts: [{ candidates: 200 }] };
storeIndexesContract('PostgreSQL', postgresStores, { poor: poorGraph, good: goodGraph }, () =>
  server.uri(`store_${made++}`),
);

function row(id: string, element = 0, contentHash = 'h'): StoredVector {
  return { id, contentHash, modifiedAt: 0, byteLength: 1, vector: new Float32Array(8).fill(element) };
}

/** Makes a store with these rows. */
async function filled(uri: string, rows: readonly StoredVector[]): Promise<VectorStore> {
  const store = await postgresStores.open(uri, stamp, { create: true });
  await store.write((writer) => writer.put(rows));
  return store;
}

/** Puts the lock of a store into other hands. */
function giveLock(table: string, holder: object, seconds: number): Promise<unknown> {
  const text = JSON.stringify({ since: '2026-01-01T00:00:00.000Z', ...holder }).replaceAll("'", "''");
  const at = `now() - interval '${seconds} seconds'`;
  return server.sql(
    `INSERT INTO ${table}_about VALUES ('lock', '${text}', ${at})
     ON CONFLICT (name) DO UPDATE SET text = excluded.text, written_at = excluded.written_at`,
  );
}

describe('a store in PostgreSQL', () => {
  it('finds exactly, whatever index somebody made on the vectors', async () => {
    const rows = Array.from({ length: 300 }, (_, place) => row(`${place}`, Math.fround(place / 300)));
    await using store = await filled(server.uri('indexed'), rows);
    await server.sql(
      'CREATE INDEX ON indexed USING hnsw (vector vector_l2_ops) WITH (m = 2, ef_construction = 4); SET hnsw.ef_search = 1; SET enable_seqscan = off',
    );
    try {
      const found = await store.search(rows[0].vector, 300);
      expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    } finally {
      await server.sql('RESET hnsw.ef_search; RESET enable_seqscan');
    }
  });

  it('keeps names of any length and characters', async () => {
    const ids = [`${'x/'.repeat(2000)}ä.jpg`, 'a\nb', '\u202Egpj.a', '{"a",\\}', 'NULL', ''];
    await using store = await filled(
      server.uri('named'),
      ids.map((id) => row(id)),
    );
    await store.write((writer) => writer.put([row(ids[0], 1)]));
    expect((await store.images()).map(({ id }) => id)).toEqual([...ids].sort());
    expect((await store.rows([ids[0]]))[0].vector[0]).toBe(1);
    await store.write((writer) => writer.remove(ids));
    expect(await store.count()).toBe(0);
  });

  it('puts thousands of rows all or none', async () => {
    const rows = Array.from({ length: 1500 }, (_, place) => row(`${place}`));
    await using store = await filled(server.uri('whole'), [row('there')]);
    // No text of PostgreSQL's has the character 0.
    const damaged = [...rows, row('a\0b')];
    await expect(store.write((writer) => writer.put(damaged))).rejects.toThrow(/^cannot write the store 'postgres:/);
    expect((await store.images()).map(({ id }) => id)).toEqual(['there']);
    await store.write((writer) => writer.put(rows));
    expect(await store.count()).toBe(1501);
    const scanned: string[] = [];
    for await (const some of store.scan()) scanned.push(...some.map(({ id }) => id));
    expect(new Set(scanned).size).toBe(1501);
    for await (const some of store.scan()) {
      expect(some.length).toBeLessThan(1501);
      break;
    }
    expect(await store.count()).toBe(1501);
  });

  it('has vectors of zeros at cosine distance 1 from all', async () => {
    const store = await postgresStores.open(server.uri('zeros'), { ...stamp, distance: 'cosine' }, { create: true });
    await store.write((writer) => writer.put([row('zero'), row('ones', 1)]));
    const found = await store.search(new Float32Array(8).fill(2), 2);
    expect(found).toEqual([
      { id: 'ones', distance: 0 },
      { id: 'zero', distance: 1 },
    ]);
    await store.close();
  });

  it('is made once by many at once, and may be in a schema', async () => {
    await server.sql('CREATE SCHEMA shop');
    const uri = server.uri('shop.images');
    const stores = await Promise.all(
      Array.from({ length: 4 }, () => postgresStores.open(uri, stamp, { create: true })),
    );
    await Promise.all(stores.map((store, place) => store.write((writer) => writer.put([row(`${place}`), row('all')]))));
    expect((await stores[0].images()).map(({ id }) => id)).toEqual(['0', '1', '2', '3', 'all']);
    expect(await server.sql('SELECT count(*)::int AS rows FROM shop.images')).toEqual([{ rows: 5 }]);
    const { bytes, index } = await stores[0].facts();
    expect(bytes).toBeGreaterThan(8192);
    expect(index).toBe('exact');
    for (const store of stores) await store.close();
  });

  it('is the same store for those who have it open where only its file of the model was renamed', async () => {
    await using store = await filled(server.uri('renamed'), [row('a')]);
    await using other = await postgresStores.open(server.uri('renamed'), stamp);
    await store.write((writer) => writer.replace({ ...stamp, modelName: 'copy.onnx' }, [row('b')]));
    expect((await other.search(new Float32Array(8), 5)).map(({ id }) => id)).toEqual(['b']);
    expect((await other.rows(['b'])).length).toBe(1);
  });

  it('mends images that are there twice where another program dropped what keeps them apart', async () => {
    await using store = await filled(server.uri('doubled'), [row('a'), row('b'), row('c')]);
    const [{ conname }] = (await server.sql(
      "SELECT conname FROM pg_constraint WHERE conrelid = 'doubled'::regclass AND contype = 'x'",
    )) as { conname: string }[];
    const again = (hash: string, ids: string) =>
      `INSERT INTO doubled (id, content_hash, modified_at, byte_length, metadata, vector) SELECT id, '${hash}', 0, 1, '{}', vector FROM doubled WHERE content_hash = 'h' AND id IN (${ids});`;
    await server.sql(`ALTER TABLE doubled DROP CONSTRAINT "${conname}"; ${again('later', "'b', 'c'")}`);
    await server.sql(again('last', "'b'"));
    expect(await store.write((writer) => writer.mend())).toBe(2);
    expect((await store.images()).map(({ id, contentHash }) => [id, contentHash])).toEqual([
      ['a', 'h'],
      ['b', 'last'],
      ['c', 'later'],
    ]);
    expect(await store.write((writer) => writer.mend())).toBe(0);
    await expect(server.sql(again('x', "'a'"))).rejects.toThrow(/conflicting key/);
  });

  it('goes on after the server has ended its connections', async () => {
    await using store = await filled(server.uri('dropped'), [row('a')]);
    server.drop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await store.count()).toBe(1);
  });
});

describe('the lock of a store in PostgreSQL', () => {
  const elsewhere = { process: 1, machine: 'elsewhere', numbering: 'another' };

  it('writes no more once another has it, nothing of that call', async () => {
    await using store = await filled(server.uri('taken'), [row('a')]);
    const writing = store.write(async (writer) => {
      await writer.put([row('b')]);
      await giveLock('taken', elsewhere, 0);
      await writer.put([row('c')]);
    });
    await expect(writing).rejects.toThrow(
      /the store 'postgres:.*taken' is being written, but this process stood still, and process 1 of the machine or container 'elsewhere' took its lock: begin again/,
    );
    expect((await store.images()).map(({ id }) => id)).toEqual(['a', 'b']);
    await server.sql("DELETE FROM taken_about WHERE name = 'lock'");
  });

  it('is taken from a process that is gone, and from another machine once it has been silent', async () => {
    await using store = await filled(server.uri('left'), [row('a')]);
    const gone = { ...thisProcess(), began: 'long ago' };
    const waitedFor: string[] = [];
    const onWait = (holder: LockHolder) => waitedFor.push(holder.machine);
    for (const [holder, seconds] of [
      [gone, 0],
      [elsewhere, 31],
      [{ of: 'nothing' }, 0],
    ] as const) {
      await giveLock('left', holder, seconds);
      expect(await store.write(async () => 'done', { onWait })).toBe('done');
    }
    expect(waitedFor).toEqual([]);
    await giveLock('left', elsewhere, 20);
    const waiting = store.write(async () => 'done', { onWait });
    await expect.poll(() => waitedFor).toEqual(['elsewhere']);
    await server.sql("UPDATE left_about SET written_at = now() - interval '31 seconds' WHERE name = 'lock'");
    expect(await waiting).toBe('done');
    expect(await server.sql("SELECT name FROM left_about WHERE name = 'lock'")).toEqual([]);
  });
});

describe('what is no store in PostgreSQL', () => {
  it('is a table of something else, which stays as it is', async () => {
    await server.sql('CREATE TABLE orders (id int); CREATE TABLE bills_about (name text, text text)');
    for (const table of ['orders', 'bills']) {
      await expect(postgresStores.open(server.uri(table), stamp, { create: true })).rejects.toThrow(
        /is, or needs, a table of something else, not a store of lookalike's: choose another name for the table/,
      );
    }
    expect(await server.sql('SELECT * FROM orders')).toEqual([]);
  });

  it('is a table whose vectors somebody has changed', async () => {
    const uri = server.uri('changed');
    await (await postgresStores.open(uri, stamp, { create: true })).close();
    await server.sql('ALTER TABLE changed ALTER COLUMN vector TYPE vector(3)');
    await expect(postgresStores.open(uri, stamp)).rejects.toThrow(
      /its column of vectors is vector\(3\), expected vector\(8\)/,
    );
    await server.sql('DROP TABLE changed');
    await expect(postgresStores.open(uri, stamp)).rejects.toThrow(/a table of something else/);
  });

  it('is a model of more dimensions than it keeps', async () => {
    await expect(
      postgresStores.open(server.uri('wide'), { ...stamp, dimension: 16_001 }, { create: true }),
    ).rejects.toThrow(/keeps vectors of at most 16000 dimensions, the model 'run\/model.onnx' has 16001/);
  });

  it('is a database without pgvector', async () => {
    const uri = server.uri('bare');
    await (await postgresStores.open(uri, stamp, { create: true })).close();
    await server.sql('DROP EXTENSION vector CASCADE');
    await expect(postgresStores.open(uri, stamp)).rejects.toThrow(
      /the database of the store 'postgres:.*' has not the extension pgvector: run CREATE EXTENSION vector/,
    );
  });

  it('is a server that is away', async () => {
    await expect(postgresStores.stampAt('postgres://127.0.0.1:1/a/b')).rejects.toThrow(
      "cannot open the store 'postgres://127.0.0.1:1/a/b': no server answers there (ECONNREFUSED); start it, or check host and port",
    );
  });
});
