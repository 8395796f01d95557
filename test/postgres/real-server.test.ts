import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresStores } from '../../src/catalogue/stores/postgres/store.ts';
import { vectorStoreContract } from '../../src/catalogue/stores/vector-store.contract.ts';
import type { StoredVector } from '../../src/catalogue/stores/vector-store.ts';
import { stamp } from '../support/store-stamp.ts';

const database = process.env.LOOKALIKE_POSTGRES ?? '';
if (database === '') {
  throw new Error('set LOOKALIKE_POSTGRES to the address of a database to try in: postgres://user@host:port/database');
}

const begin = `try_${process.pid}_${Date.now()}_`;
let made = 0;
/** The address of a table that is not there yet. */
function newUri(): string {
  const url = new URL(database);
  url.pathname += `/${begin}${made++}`;
  return url.href;
}

let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: database });
  await client.connect();
});
afterAll(async () => {
  const { rows } = await client.query('SELECT tablename FROM pg_tables WHERE starts_with(tablename, $1)', [begin]);
  for (const { tablename } of rows) await client.query(`DROP TABLE "${tablename}"`);
  await client.end();
});

function row(id: string): StoredVector {
  return { id, contentHash: 'h', modifiedAt: 0, byteLength: 1, vector: new Float32Array(8).fill(1) };
}

vectorStoreContract('PostgreSQL on a real server', postgresStores, newUri);

describe('a store on a real server', () => {
  it('has all of a write or nothing, for those who read meanwhile', async () => {
    const uri = newUri();
    const [writer, reader] = [
      await postgresStores.open(uri, stamp, { create: true }),
      await postgresStores.open(uri, stamp, { create: true }),
    ];
    const rows = Array.from({ length: 20_000 }, (_, place) => row(`${place}`));
    let isWritten = false;
    const seen = new Set<number>();
    const reading = (async () => {
      while (!isWritten) seen.add(await reader.count());
    })();
    await writer.write((one) => one.put(rows));
    isWritten = true;
    await reading;
    expect([...seen].filter((count) => count !== 0 && count !== rows.length)).toEqual([]);
    expect(seen).toContain(0);
    expect(await reader.count()).toBe(rows.length);
    await writer.close();
    await reader.close();
  });

  it('scans one state, while another task writes', async () => {
    const store = await postgresStores.open(newUri(), stamp, { create: true });
    await store.write((writer) => writer.put(Array.from({ length: 3000 }, (_, place) => row(`${place}`))));
    const ids = new Set<string>();
    for await (const some of store.scan()) {
      if (ids.size === 0) await store.write((writer) => writer.remove(['2999']));
      for (const { id } of some) ids.add(id);
    }
    expect(ids.size).toBe(3000);
    expect(await store.count()).toBe(2999);
    await store.close();
  });

  it('has every write that was told of, and no part of another, after its writer was killed; the next one takes its place', async () => {
    const uri = newUri();
    const store = await postgresStores.open(uri, stamp, { create: true });
    let expected = 0;
    for (let round = 0; round < 8; round++) {
      const script = path.join(import.meta.dirname, 'write-until-killed.mjs');
      const child = spawn(process.execPath, [script, uri, `${round}`], { stdio: ['ignore', 'pipe', 'inherit'] });
      let told = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        told = Number(line);
        if (told === 3 + round) setTimeout(() => child.kill('SIGKILL'), 5 * round);
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const began = performance.now();
      // The server may still be busy with what the process had sent.
      await store.write((writer) => writer.put([row('marker')]));
      expect(performance.now() - began).toBeLessThan(10_000);
      const count = (await store.images({ prefix: `${round}/` })).length;
      expect(count % 50).toBe(0);
      expect(count / 50 - told).toBeGreaterThanOrEqual(0);
      expect(count / 50 - told).toBeLessThanOrEqual(1);
      expected += count;
    }
    expect(await store.count()).toBe(expected + 1);
    await store.close();
  });

  it('goes on after the server has ended its connections, and says so of a write that it was in', async () => {
    const store = await postgresStores.open(newUri(), stamp, { create: true });
    const others =
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user';
    await store.write((writer) => writer.put([row('a')]));
    await client.query(others);
    await expect.poll(() => store.count()).toBe(1);
    await store.close();
  });
});
