import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../../test/fixtures/tiny-model.ts';
import type { Catalogue } from '../catalogue.ts';
import type { CatalogueWatchOptions } from '../catalogue-options.ts';
import type { IndexReport } from '../indexing/index-report.ts';
import { openCatalogue } from '../open-catalogue.ts';

let base: string;
let folder: string;
let catalogue: Catalogue;
let made = 0;
const at = (...names: string[]) => path.join(folder, ...names);
const png = (red: number) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: { r: red, g: 30, b: 90 } } })
    .png()
    .toBuffer();

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'lookalike-watch-'));
  await writeTinyModel(path.join(base, 'model.onnx'));
});
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  folder = path.join(base, `pictures ${made++}`);
  await mkdir(at('a'), { recursive: true });
  for (const red of [10, 90, 170, 250]) await writeFile(at('a', `${red}.png`), await png(red));
  // The store is in the folder that is watched: what is written there is no change of the pictures.
  catalogue = await openCatalogue(at('store.lance'), { model: path.join(base, 'model.onnx') });
  return () => catalogue.close();
});

/** Watches until so many images were added, updated, moved and removed and so many could not be read, all looks together. */
function watching(options: CatalogueWatchOptions = {}) {
  const events = catalogue.watch(folder, { settle: 60, ...options });
  const counted = { added: 0, updated: 0, moved: 0, removed: 0, unreadable: 0 };
  const next = async () => {
    const { value } = await events.next();
    if (value === undefined) throw new Error('the watching has ended');
    return value;
  };
  const count = ({ unreadable, ...report }: IndexReport) => {
    for (const name of ['added', 'updated', 'moved', 'removed'] as const) counted[name] += report[name];
    counted.unreadable += unreadable.length;
  };
  const until = async (expected: Partial<typeof counted>) => {
    const all = { added: 0, updated: 0, moved: 0, removed: 0, unreadable: 0, ...expected };
    for (const name of Object.keys(counted) as (keyof typeof counted)[]) counted[name] = 0;
    const sum = (counts: typeof counted) => Object.values(counts).reduce((total, one) => total + one, 0);
    while (sum(counted) < sum(all)) {
      const event = await next();
      if (event.kind === 'failed') throw event.error;
      count(event.report);
    }
    expect(counted).toEqual(all);
  };
  return { next, until, end: () => events.return() };
}
const ids = async () => (await catalogue.images()).map(({ id }) => id);

describe('catalogue.watch', () => {
  it('indexes at once, and again what is added, changed, moved and removed', async () => {
    const { until, end } = watching();
    await until({ added: 4 });
    await writeFile(at('a', 'new.png'), await png(50));
    await writeFile(at('notes.txt'), 'nothing that matters');
    await until({ added: 1 });
    await mkdir(at('b'));
    await rename(at('a', '10.png'), at('b', 'ten.png'));
    await rm(at('a', '90.png'));
    await writeFile(at('a', '170.png'), await png(171));
    await until({ moved: 1, removed: 1, updated: 1 });
    expect(await ids()).toEqual(['a/170.png', 'a/250.png', 'a/new.png', 'b/ten.png']);
    await end();
    // What happens while nobody watches is caught up with.
    await rename(at('b'), at('c'));
    const again = watching();
    await again.until({ moved: 1 });
    await again.end();
  });

  it('says once of a picture that cannot be read, and goes on; looks by itself where the system says nothing', async () => {
    const { until, end } = watching({ poll: true, every: 30 });
    await writeFile(at('a', 'broken.png'), 'no picture');
    await until({ added: 4, unreadable: 1 });
    await writeFile(at('a', 'new.png'), await png(50));
    await until({ added: 1 });
    await writeFile(at('a', 'broken.png'), await png(60));
    await until({ added: 1 });
    await end();
  });

  it('leaves a file alone that is still being written, and takes it when it is whole', async () => {
    const whole = await png(77);
    for (const name of await readdir(at('a'))) await utimes(at('a', name), 1, 1);
    await writeFile(at('a', 'slow.png'), whole.subarray(0, 60));
    const { until, end } = watching({ settle: 2500 });
    await until({ added: 4 });
    await writeFile(at('a', 'slow.png'), whole);
    expect(await ids()).toHaveLength(4);
    await until({ added: 1 });
    expect((await catalogue.images({ prefix: 'a/slow' }))[0].byteLength).toBe(whole.length);
    await end();
  });

  it('keeps the store where the folder is gone, says so, and goes on when it is back', async () => {
    const { next, until, end } = watching({ poll: true, every: 20 });
    await until({ added: 4 });
    await rename(at('a'), `${folder} away`);
    expect(await next()).toMatchObject({ kind: 'failed', error: { code: 'dataset' }, retryAfter: 1000 });
    expect(await ids()).toHaveLength(4);
    await writeFile(path.join(`${folder} away`, 'new.png'), await png(50));
    await rename(`${folder} away`, at('a'));
    await until({ added: 1 });
    await end();
  });

  it('fails at once where there is nothing to watch, and ends by its signal', async () => {
    await expect(catalogue.watch(at('none')).next()).rejects.toThrow(/there is nothing at/);
    const stop = new AbortController();
    const { until, next } = watching({ signal: stop.signal });
    await until({ added: 4 });
    const ended = next();
    stop.abort(new Error('enough'));
    await expect(ended).rejects.toMatchObject({ code: 'aborted', message: 'enough' });
    expect(() => catalogue.watch(folder, { settle: -1 })).toThrow(/^settle: a number of at least 0/);
  });
});
