import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchFolder } from './folder-watch.ts';
import { UnsettledFiles } from './unsettled-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-settled-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const begun = 1_700_000_000_000;
const imageOf = (id: string) =>
  ({ id, label: undefined, source: { kind: 'file', path: path.join(folder, id) } }) as const;
const modified = (id: string, milliseconds: number) =>
  utimes(path.join(folder, id), new Date(milliseconds), new Date(milliseconds));

describe('UnsettledFiles', () => {
  it('leaves a file as long as it is young, or was seen to change, also by a clock that is ahead', async () => {
    let now = begun;
    const files = new UnsettledFiles(2000, () => now);
    for (const id of ['old.png', 'young.png', 'ahead.png']) await writeFile(path.join(folder, id), 'one');
    await modified('old.png', begun - 2000);
    await modified('young.png', begun - 1999);
    await modified('ahead.png', begun + 86_400_000);
    const left = async () => {
      files.begin();
      const all = await Promise.all(['old.png', 'young.png', 'ahead.png'].map((id) => files.leave(imageOf(id))));
      expect(files.waiting).toBe(all.filter((one) => one).length);
      return all;
    };
    expect(await left()).toEqual([false, true, true]);
    now += 1000;
    expect(await left()).toEqual([false, false, true]);
    await writeFile(path.join(folder, 'ahead.png'), 'three');
    await modified('ahead.png', begun + 86_400_000);
    now += 1500;
    expect(await left()).toEqual([false, false, true]);
    now += 2000;
    expect(await left()).toEqual([false, false, false]);
    // What is gone, and what is no file, is for others to tell.
    expect(await files.leave(imageOf('none.png'))).toBe(false);
  });

  it('leaves what could not be read until it changes', async () => {
    const files = new UnsettledFiles(0, () => Date.now() + 60_000);
    await writeFile(path.join(folder, 'broken.png'), 'broken');
    files.begin();
    expect(await files.leave(imageOf('broken.png'))).toBe(false);
    files.note([{ id: 'broken.png' }]);
    files.begin();
    expect(await files.leave(imageOf('broken.png'))).toBe(true);
    expect(files.waiting).toBe(0);
    await writeFile(path.join(folder, 'broken.png'), 'mended');
    expect(await files.leave(imageOf('broken.png'))).toBe(false);
  });
});

describe('watchFolder', () => {
  const options = { folder: '.', ignore: [], files: [], onChange: () => undefined };

  it('says what to install, or what to raise', async () => {
    await expect(watchFolder(options, () => Promise.reject(new Error('none')))).rejects.toThrow(
      /^changes of a folder are heard of by the package @parcel\/watcher, which is not installed .*options.poll$/,
    );
    const full = { subscribe: () => Promise.reject(new Error('inotify_add_watch failed: No space left on device')) };
    await expect(watchFolder(options, async () => full)).rejects.toThrow(/No space left on device.*max_user_watches/);
  });

  it('hears of images, folders and named files, not of what is hidden or none of the pictures', async () => {
    let heard = 0;
    let tell: (type: 'create' | 'update' | 'delete', ...names: string[]) => void = () => undefined;
    const library = {
      subscribe: async (
        root: string,
        callback: (error: Error | null, events: { path: string; type: 'create' }[]) => void,
      ) => {
        tell = (type, ...names) => callback(null, [{ path: path.join(root, ...names), type: type as 'create' }]);
        return { unsubscribe: async () => undefined };
      },
    };
    const files = [path.join(folder, 'prices.csv')];
    await using _ = await watchFolder({ folder, ignore: [], files, onChange: () => heard++ }, async () => library);
    for (const [type, ...names] of [
      ['update', 'a', '1.png'],
      ['create', 'folder'],
      ['delete', 'folder'],
      ['update', 'prices.csv'],
    ] as const) {
      const before = heard;
      tell(type, ...names);
      expect(heard, names.join('/')).toBe(before + 1);
    }
    const before = heard;
    tell('update', 'other.csv');
    tell('create', '.hidden', '1.png');
    tell('create', '@eaDir', '1.png');
    expect(heard).toBe(before);
  });
});
