import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { S3Server } from '../../../../test/support/s3-server.ts';
import { stamp } from '../../../../test/support/store-stamp.ts';
import { thisProcess } from '../../../foundation/files/lock-holder.ts';
import { lanceDbStores } from '../lancedb/store.ts';
import { vectorStoreContract } from '../vector-store.contract.ts';
import type { StoredVector } from '../vector-store.ts';
import { takeLease } from './lease.ts';
import { s3Place } from './place.ts';

let server: S3Server;
const before: Record<string, string | undefined> = {};
/** The environment of a client of the server. */
function environment(): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_REGION: 'us-east-1',
  };
}
beforeAll(async () => {
  server = await S3Server.start();
  for (const [name, value] of Object.entries(environment())) {
    before[name] = process.env[name];
    process.env[name] = value;
  }
});
afterAll(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await server.stop();
});

let made = 0;
// Searches and filters are LanceDB's own, and tried on disk.
vectorStoreContract('LanceDB in S3', lanceDbStores, () => `s3://shop/store-${made++}`, 3);

function row(id: string): StoredVector {
  return { id, contentHash: 'h', modifiedAt: 0, byteLength: 1, vector: new Float32Array(8).fill(1) };
}

/** Puts the lease of a store into other hands. */
function giveLease(store: string, number: number, holder: object): void {
  const text = JSON.stringify({ since: '2026-01-01T00:00:00.000Z', ...holder });
  server.objects.set(`${store}/lookalike-lease/${number}`, Buffer.from(text));
}

describe('the lease of a store in S3', () => {
  const elsewhere = { process: 1, machine: 'elsewhere', numbering: 'another' };
  let uri: string;
  let place: string;
  beforeEach(() => {
    place = `leased-${made++}`;
    uri = `s3://shop/${place}`;
  });
  afterEach(() => {
    server.faults.ignoresConditions = false;
  });

  it('is needed to write: who has lost it writes no more', async () => {
    await using store = await lanceDbStores.open(uri, stamp, { create: true });
    const writing = store.write(async (writer) => {
      await writer.put([row('a')]);
      const [own] = [...server.objects.keys()].filter((key) => key.startsWith(`${place}/lookalike-lease/`));
      giveLease(place, Number(own.split('/').at(-1)) + 1, elsewhere);
      await writer.put([row('b')]);
    });
    await expect(writing).rejects.toThrow(
      /the store 's3:.*' is being written, but this process stood still, and process 1 of the machine or container 'elsewhere' took its lock: begin again/,
    );
    expect((await store.images()).map(({ id }) => id)).toEqual(['a']);
  });

  it('is taken from a process that is gone, and from another machine once it has been silent', async () => {
    const timing = { beat: 50, silentAfter: 300 };
    giveLease(place, 7, { ...thisProcess(), began: 'long ago' });
    const first = await takeLease(uri, environment(), {}, timing);
    await first.check();
    const waitedFor: string[] = [];
    const second = takeLease(uri, environment(), { onWait: ({ machine }) => waitedFor.push(machine) }, timing);
    await expect.poll(() => waitedFor).toHaveLength(1);
    await first.release();
    const held = await second;
    await expect(first.check()).rejects.toThrow('took its lock');
    giveLease(place, 12, elsewhere);
    await expect(held.check()).rejects.toThrow("'elsewhere' took its lock");
    const third = await takeLease(uri, environment(), {}, timing);
    await third.check();
    await third.release();
    const left = [...server.objects.keys()].filter((key) => key.startsWith(`${place}/`));
    expect(left).toEqual([`${place}/lookalike-lease/13`]);
  });

  it('is of one of many that ask for it at once', async () => {
    let [inside, most] = [0, 0];
    const task = async () => {
      const lease = await takeLease(uri, environment(), {});
      most = Math.max(most, ++inside);
      await lease.check();
      inside--;
      await lease.release();
    };
    await Promise.all(Array.from({ length: 6 }, task));
    expect(most).toBe(1);
  });

  it('is not to be had where the storage has no conditional writes, or no keys are known; reading goes on', async () => {
    await using store = await lanceDbStores.open(uri, stamp, { create: true });
    await store.write((writer) => writer.put([row('a')]));
    server.faults.ignoresConditions = true;
    await expect(store.write((writer) => writer.put([row('b')]))).rejects.toThrow(
      /can be read, but not written: its storage has no conditional writes \(PUT with If-None-Match\).*use Amazon S3, Ceph/,
    );
    expect(await store.count()).toBe(1);
    const { AWS_ACCESS_KEY_ID: _, ...withoutKey } = environment();
    await expect(takeLease(uri, withoutKey, {})).rejects.toThrow('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
    const gone = await S3Server.start();
    const { endpoint } = gone;
    await gone.stop();
    await expect(takeLease(uri, { ...environment(), AWS_ENDPOINT_URL: endpoint }, {})).rejects.toThrow(
      /cannot reach the lease of the store .*ECONNREFUSED.*check AWS_ENDPOINT_URL/,
    );
  });
});

describe('an address in S3', () => {
  it('is a bucket, and a prefix if there is one', () => {
    expect(s3Place('s3://my.shop/a/b/', {})).toEqual({
      bucket: 'my.shop',
      prefix: 'a/b',
      region: 'us-east-1',
      endpoint: undefined,
    });
    expect(s3Place('s3://shop', { AWS_ENDPOINT_URL: 'http://h:1/' })).toMatchObject({
      prefix: '',
      endpoint: 'http://h:1',
    });
    for (const wrong of ['s3://', 's3://S/x', 's3://shop/a?b=c', 's3://k:s@shop/a']) {
      expect(() => s3Place(wrong, {})).toThrow('is not the address of a place in S3: write s3://bucket/prefix');
    }
  });
});
