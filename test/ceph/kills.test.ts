import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lanceDbStores } from '../../src/catalogue/stores/lancedb/store.ts';
import type { StoreStamp } from '../../src/catalogue/stores/store-stamp.ts';
import type { StoredVector } from '../../src/catalogue/stores/vector-store.ts';
import { RandomSource } from '../../src/foundation/random/random-source.ts';

const script = path.resolve('tools/ceph/cluster.sh');
const folder = mkdtempSync(path.join(tmpdir(), 'lookalike-ceph-'));
const keys = { AWS_ACCESS_KEY_ID: 'lookalike', AWS_SECRET_ACCESS_KEY: 'lookalikesecret', AWS_REGION: 'us-east-1' };
const [first, second] = ['http://127.0.0.1:7481', 'http://127.0.0.1:7482'];
const uri = 's3://lookalike/catalogue';
const dimension = 256;
const stamp: StoreStamp = {
  ...{ modelId: 'a'.repeat(64), modelName: 'run/model.onnx', preprocessing: '{}' },
  ...{ dimension, distance: 'euclidean' },
};

function ceph(...words: readonly string[]): void {
  const done = spawnSync(script, [words[0], folder, ...words.slice(1)], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) throw new Error(`${script} ${words.join(' ')} ended with ${done.status}`);
}

/** Goes on through a gateway: LanceDB knows one at a time. */
function useGateway(endpoint: string): void {
  Object.assign(process.env, keys, { AWS_ENDPOINT_URL: endpoint });
}

const before = new Map(['AWS_ENDPOINT_URL', ...Object.keys(keys)].map((name) => [name, process.env[name]]));
beforeAll(async () => {
  ceph('up');
  useGateway(first);
  const client = new AwsClient({
    accessKeyId: keys.AWS_ACCESS_KEY_ID,
    secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
    service: 's3',
  });
  const made = await client.fetch(`${first}/lookalike`, { method: 'PUT' });
  expect(made.status).toBe(200);
});
afterAll(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  ceph('down');
});

function row(id: string): StoredVector {
  const random = RandomSource.fromSeed(Number(id.split(' ')[1]));
  const vector = Float32Array.from({ length: dimension }, () => random.normal());
  return { id, contentHash: `hash of ${id}`, modifiedAt: 0, byteLength: 1, vector };
}

it('has every acknowledged row once, after a storage daemon and a gateway were killed under load', async () => {
  const acknowledged = new Set<string>();
  const errors: string[] = [];
  const reads = { done: 0, failed: 0 };
  let isEnding = false;
  let made = 0;
  const write = async () => {
    while (!isEnding) {
      try {
        await using store = await lanceDbStores.open(uri, stamp, { create: true });
        await store.write(async (writer) => {
          while (!isEnding) {
            const ids = Array.from({ length: 50 }, () => `image ${made++}`);
            await writer.put(ids.map(row));
            for (const id of ids) acknowledged.add(id);
          }
        });
      } catch (error) {
        errors.push((error as Error).message.split('\n')[0]);
        // The gateway is gone: the other one goes on.
        useGateway(second);
        await setTimeout(500);
      }
    }
  };
  const read = async () => {
    await expect.poll(() => acknowledged.size, { timeout: 60_000 }).toBeGreaterThan(0);
    useGateway(second);
    await using store = await lanceDbStores.open(uri, stamp);
    useGateway(first);
    while (!isEnding) {
      const [id] = acknowledged;
      await store.search(row(id).vector, 1).then(
        ([nearest]) => expect(nearest.id).toBe(id),
        () => reads.failed++,
      );
      reads.done++;
      await setTimeout(100);
    }
  };
  const working = Promise.all([write(), read()]);
  await setTimeout(15_000);
  ceph('kill', 'osd.1');
  await setTimeout(15_000);
  ceph('start', 'osd.1');
  await setTimeout(10_000);
  ceph('kill', 'client.rgw.1');
  await setTimeout(20_000);
  isEnding = true;
  await working;
  await using store = await lanceDbStores.open(uri, stamp);
  const ids = new Set((await store.images()).map(({ id }) => id));
  const report = {
    ...{ date: new Date().toISOString(), acknowledged: acknowledged.size, rows: await store.count() },
    ...{ missing: [...acknowledged].filter((id) => !ids.has(id)).length, reads, errors },
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  writeFileSync('bench/results/ceph-kills.json', `${JSON.stringify(report, undefined, 2)}\n`);
  expect(report.missing).toBe(0);
  expect(report.rows).toBe(ids.size);
  expect(report.acknowledged).toBeGreaterThan(500);
});
