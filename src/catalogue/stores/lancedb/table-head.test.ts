import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '@lancedb/lancedb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stamp } from '../../../../test/support/store-stamp.ts';
import { lanceDbStores } from './store.ts';
import { TableHeads } from './table-head.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-heads-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const row = (id: string) => ({ id, contentHash: 'h', modifiedAt: 0, byteLength: 1, vector: new Float32Array(8) });

/** The heads of a new store, by a clock that is set by hand; how often its schema was read, and the store. */
async function headsOf(name: string, isFolder: boolean) {
  const uri = path.join(folder, name);
  const store = await lanceDbStores.open(uri, stamp, { create: true });
  const table = await (await connect(uri, { readConsistencyInterval: 0 })).openTable('images');
  const told = { reads: 0, now: 0 };
  const counted = {
    schema: () => {
      told.reads++;
      return table.schema();
    },
    listIndices: () => table.listIndices(),
  };
  return { store, told, heads: new TableHeads(counted, uri, isFolder ? uri : undefined, () => told.now) };
}

describe('TableHeads', () => {
  it('reads a state anew until it has lasted, then keeps it until another handle commits', async () => {
    const { store, told, heads } = await headsOf('kept', true);
    await heads.last();
    told.now = 2400;
    await heads.last();
    expect(told.reads).toBe(2);
    // What was read while another commit might have had the same time is not kept.
    told.now = 2600;
    const kept = await heads.last();
    expect([told.reads, await heads.last(), told.reads]).toEqual([3, kept, 3]);
    expect(kept.fields).toEqual([]);
    await store.write((writer) => writer.put([{ ...row('a'), metadata: { price: 3 } }]));
    expect((await heads.last()).fields).toEqual([{ name: 'price', kind: 'number' }]);
    await heads.last();
    expect(told.reads).toBe(5);
    told.now += 2600;
    await heads.last();
    await heads.last();
    expect(told.reads).toBe(6);
    await store.close();
  });

  it('knows a store that was deleted and made anew from the one before', async () => {
    const { store, told, heads } = await headsOf('anew', true);
    await heads.last();
    told.now = 2600;
    expect((await heads.last()).stamp.modelId).toBe(stamp.modelId);
    await store.close();
    await rm(path.join(folder, 'anew'), { recursive: true });
    const modelId = 'f'.repeat(64);
    await (await lanceDbStores.open(path.join(folder, 'anew'), { ...stamp, modelId }, { create: true })).close();
    expect((await heads.last()).stamp.modelId).toBe(modelId);
  });

  it('always reads what is in no folder', async () => {
    const { store, told, heads } = await headsOf('remote', false);
    await heads.last();
    told.now = 10_000;
    await heads.last();
    expect(told.reads).toBe(2);
    await store.close();
  });
});
