import { mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskPixels } from './disk-pixels.ts';
import { preprocessingRule } from './preprocessing-rule.ts';

const rule = preprocessingRule(4, 3);
const recordBytes = 40 + 36;
let folder = '';
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'disk-pixels-')), 'pixels');
});
afterEach(() => rm(path.dirname(folder), { recursive: true }));

const keyOf = (number: number) => DiskPixels.keyOf(Uint8Array.of(number));
const pixelsOf = (number: number) => Uint8Array.from({ length: 36 }, (_, place) => (7 * number + place) % 256);

/** Writes the pixels of so many pictures; the names of the files that there are then. */
async function filled(count: number): Promise<string[]> {
  const disk = new DiskPixels({ folder });
  for (let number = 0; number < count; number++) await disk.write(rule, keyOf(number), pixelsOf(number));
  await disk.close();
  return readdir(folder);
}

/** Which of so many pictures a new process would find; every one that it finds has to be right. */
async function found(count: number): Promise<number[]> {
  const disk = new DiskPixels({ folder });
  const numbers: number[] = [];
  for (let number = 0; number < count; number++) {
    const pixels = await disk.read(rule, keyOf(number));
    if (pixels === undefined) continue;
    expect([...pixels]).toEqual([...pixelsOf(number)]);
    numbers.push(number);
  }
  await disk.close();
  return numbers;
}

describe('DiskPixels', () => {
  it('finds what was written, also by another process, by content and rule', async () => {
    const disk = new DiskPixels({ folder });
    expect(await disk.hasAny(rule)).toBe(false);
    expect(await disk.read(rule, keyOf(1))).toBeUndefined();
    expect(await disk.write(rule, keyOf(1), pixelsOf(1))).toBe(true);
    expect(await disk.read(rule, keyOf(1))).toEqual(pixelsOf(1));
    // The same picture again takes no room.
    expect(await disk.write(rule, keyOf(1), pixelsOf(1))).toBe(true);
    const [file] = await readdir(folder);
    expect((await stat(path.join(folder, file))).size).toBe(recordBytes);
    const other = new DiskPixels({ folder });
    expect(await other.hasAny(rule)).toBe(true);
    expect(await other.read(rule, keyOf(1))).toEqual(pixelsOf(1));
    expect(await other.read({ ...rule, background: '#000000' }, keyOf(1))).toBeUndefined();
    expect(await other.read(preprocessingRule(3, 4), keyOf(1))).toBeUndefined();
    await other.write(rule, keyOf(2), pixelsOf(2));
    expect((await readdir(folder)).length).toBe(2);
    await Promise.all([disk.close(), other.close()]);
    expect(await found(3)).toEqual([1, 2]);
  });

  it('finds all whole records of a file that is cut at any byte', async () => {
    const [name] = await filled(3);
    const file = path.join(folder, name);
    const whole = await readFile(file);
    expect(whole.length).toBe(3 * recordBytes);
    for (const length of [...Array(whole.length + 1).keys()].reverse()) {
      await truncate(file, length);
      expect(await found(3)).toEqual([0, 1, 2].slice(0, Math.floor(length / recordBytes)));
    }
  });

  it('passes over a record in which any byte is wrong, or that was never written', async () => {
    const [name] = await filled(3);
    const file = path.join(folder, name);
    const whole = await readFile(file);
    for (let place = recordBytes; place < 2 * recordBytes; place++) {
      const damaged = Uint8Array.from(whole);
      damaged[place] ^= 16;
      await writeFile(file, damaged);
      expect(await found(3)).toEqual([0, 2]);
    }
    const hole = Uint8Array.from(whole).fill(0, recordBytes, 2 * recordBytes);
    await writeFile(file, hole);
    expect(await found(3)).toEqual([0, 2]);
    // It is written anew, into a new file.
    const disk = new DiskPixels({ folder });
    expect(await disk.read(rule, keyOf(1))).toBeUndefined();
    await disk.write(rule, keyOf(1), pixelsOf(1));
    expect(await disk.read(rule, keyOf(1))).toEqual(pixelsOf(1));
    await disk.close();
    expect(await found(3)).toEqual([0, 1, 2]);
  });

  it('keeps to its budget, counting what is there already', async () => {
    await filled(2);
    const disk = new DiskPixels({ folder, budgetBytes: 3 * recordBytes + 10 });
    const written = await Promise.all([2, 3, 4].map((number) => disk.write(rule, keyOf(number), pixelsOf(number))));
    expect(written).toEqual([true, false, false]);
    expect(await disk.write(rule, keyOf(0), pixelsOf(0))).toBe(true);
    await disk.close();
    expect(await found(5)).toEqual([0, 1, 2]);
  });

  it('does not mind that a file is gone by the time its size is asked for', async () => {
    const [name] = await filled(1);
    // Listed, but not there.
    await symlink('nowhere', path.join(folder, 'gone.pixels'));
    await symlink('nowhere', path.join(folder, name.replace('-', '-0')));
    const disk = new DiskPixels({ folder });
    expect(await disk.write(rule, keyOf(1), pixelsOf(1))).toBe(true);
    await disk.close();
    expect(await found(2)).toEqual([0, 1]);
  });

  it('makes no folder before it has something to write, and removes it, unless told to keep it', async () => {
    const disk = new DiskPixels({ folder });
    await disk.read(rule, keyOf(1));
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    await disk.write(rule, keyOf(1), pixelsOf(1));
    await disk.remove();
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    const kept = new DiskPixels({ folder, keep: true });
    await kept.write(rule, keyOf(1), pixelsOf(1));
    await kept.remove();
    expect(await found(2)).toEqual([1]);
  });

  it('takes back what it added, and nothing else', async () => {
    const before = await filled(2);
    const disk = new DiskPixels({ folder });
    await disk.write(rule, keyOf(2), pixelsOf(2));
    expect(await readdir(folder)).toHaveLength(2);
    await disk.discard();
    expect(await readdir(folder)).toEqual(before);
    const deeper = path.join(folder, 'a', 'b');
    const own = new DiskPixels({ folder: deeper });
    await own.write(rule, keyOf(2), pixelsOf(2));
    expect(await readdir(deeper)).toHaveLength(1);
    await own.discard();
    expect(await readdir(folder)).toEqual(before);
    expect(await found(3)).toEqual([0, 1]);
  });

  it('says where it cannot write', async () => {
    const file = path.join(path.dirname(folder), 'file');
    await writeFile(file, '');
    const disk = new DiskPixels({ folder: path.join(file, 'pixels') });
    await expect(disk.write(rule, keyOf(1), pixelsOf(1))).rejects.toThrow(
      /^cannot (write into|read) '.*file.pixels'.*a file, not a folder/,
    );
  });
});
