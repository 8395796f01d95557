import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import type { StoreStamp } from '../store-stamp.ts';
import { lanceDbStores } from './store.ts';

const stamp: StoreStamp = {
  modelId: 'a'.repeat(64),
  modelName: 'model.onnx',
  dimension: 64,
  distance: 'euclidean',
  preprocessing: '{}',
};
const rowsAWrite = 50;

// A child needs plain JavaScript: it takes the built store, which the test command makes before the tests.
const built = pathToFileURL(path.resolve('dist/catalogue/stores/lancedb/store.js')).href;

/** Writes chunk after chunk, from the one it is told on, and reports each one that the store has acknowledged. */
const writer = `
  import { lanceDbStores } from ${JSON.stringify(built)};
  const [uri, first] = process.argv.slice(1);
  const store = await lanceDbStores.open(uri, ${JSON.stringify(stamp)}, { create: true });
  for (let chunk = Number(first); ; chunk++) {
    const vector = new Float32Array(${stamp.dimension}).fill(chunk);
    const rows = Array.from({ length: ${rowsAWrite} }, (_, i) =>
      ({ id: chunk + '/' + i, contentHash: String(chunk), modifiedAt: chunk, byteLength: i, vector }));
    await store.write((writer) => writer.put(rows));
    if (chunk % 5 === 4) await store.write((writer) => writer.tidy());
    process.stdout.write(chunk + '\\n');
  }`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-kill-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeUntilKilled(uri: string, first: number, milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer, uri, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let acknowledged = first - 1;
  const started = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      acknowledged = Number(line);
      resolve();
    });
  });
  await Promise.race([started, closed]);
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await closed;
  return acknowledged;
}

describe('a process killed while it writes a LanceDB store', () => {
  it('loses nothing that the store had acknowledged, and leaves no half of a write', async () => {
    const uri = path.join(folder, 'store');
    const random = RandomSource.fromSeed(11);
    let acknowledged = -1;
    for (let round = 0; round < 5; round++) {
      acknowledged = await writeUntilKilled(uri, acknowledged + 1, random.between(0, 150));
      const store = await lanceDbStores.open(uri, stamp);
      const images = await store.images();
      const found = new Map<string, number>();
      for (const { contentHash } of images) found.set(contentHash, (found.get(contentHash) ?? 0) + 1);
      for (let chunk = 0; chunk <= acknowledged; chunk++) expect(found.get(String(chunk))).toBe(rowsAWrite);
      for (const [chunk, count] of found) {
        expect(count).toBe(rowsAWrite);
        expect(Number(chunk)).toBeLessThanOrEqual(acknowledged + 1);
      }
      const [nearest] = await store.search(new Float32Array(64).fill(acknowledged), rowsAWrite);
      expect(nearest).toEqual({ id: `${acknowledged}/0`, distance: 0 });
      await store.close();
    }
    expect(acknowledged).toBeGreaterThan(4);
  });
});
