import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeatureCache, usualFeatureFolder } from './feature-cache.ts';

let base = '';
let folders = 0;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'features-'));
});
afterAll(() => rm(base, { recursive: true }));

const newFolder = () => path.join(base, `${++folders}`);
/** The SHA-1 that some picture could have. */
const key = (number: number) => number.toString(16).padStart(40, '0');
const vectors = (numbers: readonly number[], length = 3) =>
  new Map(numbers.map((number) => [key(number), Float32Array.from({ length }, (_, place) => number + place / 8)]));
const keys = (...numbers: number[]) => new Set(numbers.map(key));

/** Every file of the cache. */
async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.safetensors')).map((name) => path.join(folder, name));
}

describe('FeatureCache', () => {
  it('gives what was written, of the keys that are asked for, to every run with the same model', async () => {
    const folder = newFolder();
    const cache = new FeatureCache('model', { folder });
    expect(await cache.read(keys(1), 3)).toEqual(new Map());
    await cache.write(vectors([1, 2]));
    await cache.write(vectors([3]));
    await cache.write(new Map());
    expect(await new FeatureCache('model', { folder }).read(keys(2, 3, 4), 3)).toEqual(vectors([2, 3]));
    expect(await new FeatureCache('another model', { folder }).read(keys(1, 2, 3), 3)).toEqual(new Map());
  });

  it('drops a file with any damage, keeps the others, and takes the vectors again', async () => {
    const folder = newFolder();
    const cache = new FeatureCache('model', { folder });
    await cache.write(vectors([1, 2]));
    const [file] = await filesOf(folder);
    await cache.write(vectors([3]));
    const whole = await readFile(file);
    const flipped = whole.map((byte, place) => (place === whole.length - 30 ? byte ^ 1 : byte));
    for (const damaged of [whole.subarray(0, whole.length - 1), new Uint8Array(0), flipped, Buffer.from('text')]) {
      await writeFile(file, damaged);
      expect(await cache.read(keys(1, 2, 3), 3)).toEqual(vectors([3]));
      expect(await filesOf(folder)).not.toContain(file);
      await cache.write(vectors([1, 2]));
      expect(await cache.read(keys(1, 2, 3), 3)).toEqual(vectors([1, 2, 3]));
    }
  });

  it('does not take vectors of another length for its own', async () => {
    const folder = newFolder();
    const cache = new FeatureCache('model', { folder });
    await cache.write(vectors([1], 4));
    expect(await cache.read(keys(1), 3)).toEqual(new Map());
  });

  it('stays within its bytes: what was used longest ago goes first, of whatever model', async () => {
    const folder = newFolder();
    const old = new FeatureCache('old', { folder });
    await old.write(vectors([1], 200));
    const [first] = await filesOf(folder);
    const { size } = await stat(first);
    await old.write(vectors([2], 200));
    for (const file of await filesOf(folder)) {
      const moment = new Date(file === first ? 1e12 : 2e12);
      await utimes(file, moment, moment);
    }
    // Reading is using.
    expect((await old.read(keys(1), 200)).size).toBe(1);
    const bounded = new FeatureCache('new', { folder, budgetBytes: 2 * size });
    for (const file of await filesOf(folder)) if (file !== first) await utimes(file, 1e9, 1e9);
    await bounded.write(vectors([3], 200));
    expect((await filesOf(folder)).length).toBe(2);
    expect((await old.read(keys(1, 2), 200)).has(key(2))).toBe(false);
    expect((await bounded.read(keys(3), 200)).size).toBe(1);
    await new FeatureCache('new', { folder, budgetBytes: 0 }).write(vectors([4], 200));
    expect(await filesOf(folder)).toEqual([]);
  });

  it('leaves files of others alone, and says where it cannot write', async () => {
    const folder = newFolder();
    await mkdir(folder);
    await writeFile(path.join(folder, 'note.safetensors'), 'mine');
    await new FeatureCache('model', { folder, budgetBytes: 0 }).write(vectors([1]));
    expect(await readFile(path.join(folder, 'note.safetensors'), 'utf8')).toBe('mine');
    const blocked = path.join(folder, 'note.safetensors', 'deeper');
    await expect(new FeatureCache('model', { folder: blocked }).write(vectors([1]))).rejects.toThrow(
      /^cannot make '.*deeper/,
    );
  });

  it("usually lies in the user's cache folder", () => {
    expect(usualFeatureFolder()).toMatch(/lookalike.features$/);
  });
});
