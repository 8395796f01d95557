import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../test/fixtures/make-pictures.ts';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';
import { preprocess } from '../../pictures/preparation/preprocess.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { type PreparationSettings, type PreparedSource, preparedSources } from './prepared-sources.ts';

const rule = preprocessingRule(8, 8);
let root = '';
let sources: ImageSource[] = [];
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'prepared-'));
  await makePictures(root, { classes: 3, picturesPerClass: 4, size: 16 });
  await writeFile(path.join(root, 'bars', '2b.jpg'), 'no picture');
  const white = new Uint8Array(12).fill(255);
  const pixels: ImageSource = { kind: 'pixels', width: 2, height: 2, channels: 3, data: white };
  sources = [...(await loadDataset(root)).images.map(({ source }) => source), pixels];
});
afterAll(() => rm(root, { recursive: true }));

/** So many sources, the few that there are over and over. */
const many = (count: number) => Array.from({ length: count }, (_, place) => sources[place % sources.length]);

async function all(items: AsyncIterable<PreparedSource>): Promise<PreparedSource[]> {
  const results: PreparedSource[] = [];
  for await (const item of items) results.push(item);
  return results;
}

/** What each source has to become. */
function expected(wanted: readonly ImageSource[]): Promise<PreparedSource[]> {
  return Promise.all(wanted.map((source) => preprocess(source, rule).catch((error: UnreadableImageError) => error)));
}

/** Threads that take their time, the more the earlier they are asked. */
function slowPool() {
  const requests: string[][] = [];
  let running = 0;
  let most = 0;
  const pool: ReturnType<NonNullable<PreparationSettings['pool']>> = {
    async prepare(paths) {
      requests.push([...paths]);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 12 - requests.length)));
      running--;
      return expected(paths.map((file) => ({ kind: 'file', path: file })));
    },
  };
  return { pool, requests, most: () => most };
}

describe('preparedSources', () => {
  it.each([1, 5, 14, 70])(
    'gives %i results in the order of their sources, unreadable ones in their place',
    async (count) => {
      const wanted = many(count);
      const results = await all(preparedSources(wanted, { rule, concurrency: 2, ahead: 20 }));
      expect(results).toEqual(await expected(wanted));
      const unreadable = results.flatMap((item, place) => (item instanceof UnreadableImageError ? [place] : []));
      const broken = sources.findIndex((source) => source.kind === 'file' && source.path.endsWith('2b.jpg'));
      expect(unreadable).toEqual([...Array(count).keys()].filter((place) => place % sources.length === broken));
    },
  );

  it('leaves files to the threads, eight at a time, and does the rest itself; all in order', async () => {
    const { pool, requests } = slowPool();
    const wanted = many(100);
    const results = await all(preparedSources(wanted, { rule, concurrency: 2, ahead: 64, pool: () => pool }));
    expect(results).toEqual(await expected(wanted));
    const groups = Array.from({ length: 13 }, (_, group) => wanted.slice(8 * group, 8 * group + 8));
    const ofFiles = groups.flatMap((group) => {
      const paths = group.flatMap((source) => (source.kind === 'file' ? [source.path] : []));
      return paths.length === group.length ? [paths] : [];
    });
    expect(ofFiles.length).toBeGreaterThan(3);
    expect(requests).toEqual(ofFiles);
  });

  it('starts no threads for a few sources', async () => {
    let asked = 0;
    const pool = () => {
      asked++;
      return slowPool().pool;
    };
    const settings = { rule, concurrency: 2, ahead: 64, pool };
    await all(preparedSources(many(64), settings));
    expect(asked).toBe(0);
    await all(preparedSources(many(65), settings));
    expect(asked).toBe(1);
  });

  it('takes no more sources than may be prepared before their turn, and none after the reader stops', async () => {
    let taken = 0;
    function* endless(): Generator<ImageSource> {
      for (;;) yield sources[taken++ % sources.length];
    }
    const { pool, most } = slowPool();
    let read = 0;
    for await (const _ of preparedSources(endless(), { rule, concurrency: 1, ahead: 40, pool: () => pool })) {
      read++;
      // The groups under way, and those looked at to see whether threads are worth it.
      expect(taken - read).toBeLessThanOrEqual(40 + 72);
      if (read === 400) break;
    }
    expect(most()).toBeLessThanOrEqual(5);
    const before = taken;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(taken).toBe(before);
  });

  it('passes on what goes wrong in a thread, when its turn comes', async () => {
    const { pool } = slowPool();
    let requests = 0;
    const failing = {
      prepare: (...asked: Parameters<typeof pool.prepare>) =>
        ++requests === 3 ? Promise.reject(new Error('a thread has ended')) : pool.prepare(...asked),
    };
    const results: PreparedSource[] = [];
    const files = many(100).map((source) => (source.kind === 'file' ? source : sources[0]));
    const reading = async () => {
      const settings = { rule, concurrency: 2, ahead: 64, pool: () => failing };
      for await (const item of preparedSources(files, settings)) results.push(item);
    };
    await expect(reading()).rejects.toThrow('a thread has ended');
    expect(results).toEqual(await expected(files.slice(0, 16)));
  });
});
