import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { loadTripletFile, readTripletFile } from './read-triplet-file.ts';
import type { TripletPaths } from './triplet-paths.ts';
import { writeTripletFile } from './write-triplet-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'triplets-'));
  file = path.join(folder, 'triplets.csv');
});
afterEach(() => rm(folder, { recursive: true }));

async function readAll(): Promise<TripletPaths[]> {
  const rows: TripletPaths[] = [];
  for await (const { query, positive, negative } of readTripletFile(file)) rows.push({ query, positive, negative });
  return rows;
}

/** Writes triplets of paths, each path an image of its own. */
function write(rows: readonly TripletPaths[]): Promise<number> {
  const images = rows.flatMap(({ query, positive, negative }) => [query, positive, negative]);
  return writeTripletFile(file, images, [Uint32Array.from(images.keys())]);
}

const triplet = (query: string, positive: string, negative: string): TripletPaths => ({
  query: path.join(folder, query),
  positive: path.join(folder, positive),
  negative: path.join(folder, negative),
});

describe('a triplet file', () => {
  it('is read whatever ends its lines, without the blanks around its cells', async () => {
    const rows = [triplet('a b.png', 'c.png', ' d.png '), triplet('c.png', 'a b.png', 'e.png')];
    for (const end of ['\n', '\r\n', '\r']) {
      await writeFile(
        file,
        `\uFEFFquery , positive,negative${end} a b.png,c.png ," d.png "${end}c.png,\ta b.png,e.png${end}`,
      );
      expect(await readAll()).toEqual(rows);
    }
  });

  it('refuses a path of 10 MB in few words', async () => {
    await writeFile(file, `query,positive,negative\na.png,${'b'.repeat(1e7)},c.png\n`);
    const error: unknown = await readAll().catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('b… (and 9999940 characters more)');
    expect(String(error).length).toBeLessThan(500);
  });

  it('is CSV with a header, paths relative to it, and quotes where they are needed', async () => {
    const rows = [triplet('a/1.jpg', '../b "x".jpg', 'c, d.jpg'), triplet('日本 é.png', "it's.png", ' e ')];
    expect(await write(rows)).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(
      'query,positive,negative\na/1.jpg,"../b ""x"".jpg","c, d.jpg"\n日本 é.png,it\'s.png," e "\n',
    );
    expect(await readAll()).toEqual(rows);
  });

  it('reads back whatever names were written', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => !/[/\\\0]|^\.{1,2}$/.test(text));
    const awkward = fc.constantFrom(
      'a\nb',
      'a\rb',
      '\r',
      '"',
      '""',
      ',',
      '\ufeff',
      ' ',
      '\r\n',
      '#',
      "'",
      '=1',
      '-o',
      ';',
      '\t',
    );
    const names = fc.uniqueArray(fc.oneof(name, awkward), { minLength: 3, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(names, async (list) => {
        const rows = list.map((query, k) => triplet(query, list[(k + 1) % list.length], list[(k + 2) % list.length]));
        await write(rows);
        expect(await readAll()).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  it('takes triplets in blocks whose memory is used again', async () => {
    const images = ['a', 'bb', 'c,c', 'd'].map((name) => path.join(folder, name));
    function* blocks() {
      const block = Uint32Array.of(0, 1, 2, 0, 1, 3);
      yield block;
      block.set([0, 2, 1, 3, 2, 1]);
      yield block;
      yield block.subarray(0, 0);
      block.set([1, 0, 2]);
      yield block.subarray(0, 3);
    }
    expect(await writeTripletFile(file, images, blocks())).toBe(5);
    expect(await readFile(file, 'utf8')).toBe(
      'query,positive,negative\na,bb,"c,c"\na,bb,d\na,"c,c",bb\nd,"c,c",bb\nbb,a,"c,c"\n',
    );
  });

  it('has every line that is due when it is several pieces long', async () => {
    const names = Array.from({ length: 300 }, (_, k) => `${'folder/'.repeat(k % 7)}${k}${'é'.repeat(k % 5)}.png`);
    const random = RandomSource.fromSeed(4);
    const block = Uint32Array.from({ length: 3 * 70_000 }, () => random.integer(300));
    // Runs with one query and positive, too.
    for (let at = 30_000; at < 60_000; at += 3) block.set(block.subarray(30_000, 30_002), at);
    const images = names.map((name) => path.join(folder, name));
    expect(await writeTripletFile(file, images, [block.subarray(0, 90_000), block.subarray(90_000)])).toBe(70_000);
    const lines = ['query,positive,negative'];
    for (let t = 0; t < block.length; t += 3) {
      lines.push([...block.subarray(t, t + 3)].map((image) => names[image]).join());
    }
    expect((await readFile(file, 'utf8')) === `${lines.join('\n')}\n`).toBe(true);
  });

  it('is a header alone where there are no triplets', async () => {
    expect(await writeTripletFile(file, [], [])).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('query,positive,negative\n');
  });

  it('stays as it was when the triplets end in an error', async () => {
    await write([triplet('a', 'b', 'c')]);
    const before = await readFile(file, 'utf8');
    function* failing() {
      // More than a piece of text, so that writing has begun.
      yield new Uint32Array(600_000);
      throw new Error('no more');
    }
    await expect(writeTripletFile(file, ['x'], failing())).rejects.toThrow('no more');
    await expect(writeTripletFile(file, ['x'], [Uint32Array.of(0, 0, 1)])).rejects.toThrow(
      'a triplet names image 1, but there are 1 images, counted from 0',
    );
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['triplets.csv']);
  });

  it('may have other columns, another order, Windows line ends, a byte order mark and empty lines', async () => {
    await writeFile(
      file,
      '\ufeffRater,Negative,query , positive\r\n\r\nann,n.png,q.png,p.png\r\nbob,"n\n2",q.png,p.png',
    );
    expect(await readAll()).toEqual([triplet('q.png', 'p.png', 'n.png'), triplet('q.png', 'p.png', 'n\n2')]);
  });

  it('takes absolute paths as they are', async () => {
    const image = path.join(folder, 'deep', 'x.png');
    await writeFile(file, `query,positive,negative\n${image},a,b\n`);
    expect((await readAll())[0].query).toBe(image);
  });

  it('numbers its images in order of appearance', async () => {
    await writeFile(file, 'query,positive,negative\nb,a,c\na,b,d\n./b,c,e\n');
    const { images, triplets } = await loadTripletFile(file);
    expect(images).toEqual(['b', 'a', 'c', 'd', 'e'].map((name) => path.join(folder, name)));
    expect([...triplets]).toEqual([
      { query: 0, positive: 1, negative: 2 },
      { query: 1, positive: 0, negative: 3 },
      { query: 0, positive: 2, negative: 4 },
    ]);
  });

  it.each([
    ['', 'is empty: give the header query,positive,negative'],
    ['query,positive,negative\n', 'lists no triplets'],
    [
      'a.jpg,b.jpg,c.jpg\n',
      "has no column 'query' or 'anchor', only 'a.jpg', 'b.jpg', 'c.jpg': it has to be query,positive,negative",
    ],
    ['query,positive\na,b\n', "has no column 'negative'"],
    ['query,positive,negative\na,b,c\na,b\n', 'line 3 has 2 cells, and the first line 3'],
    ['query,positive,negative\na,b,c,d\n', 'line 2 has 4 cells, and the first line 3'],
    ['query,positive,negative\na,b,c\n\na,,c\n', "line 4 of '"],
    ['query,positive,negative\na,,c\n', 'has no positive'],
    ['query,positive,negative\na,b,./a\n', "a' twice: a triplet is three different images"],
    ['query,positive,negative\na,a,b\n', "a' twice"],
    ['query,positive,negative\na,b,b\n', "b' twice"],
    ['query,positive,negative\na"b,c,d\n', 'is not a CSV'],
    ['query,positive,negative\n"a,b,c\n', 'is not a CSV'],
  ])('%j is refused with the place', async (text, message) => {
    await writeFile(file, text);
    const error: unknown = await readAll().catch((reason: unknown) => reason);
    expect(String(error)).toContain(message);
    expect(String(error)).toContain(file);
  });

  it('that is missing, or a folder, is an error that names it', async () => {
    await expect(readAll()).rejects.toThrow(`cannot read '${file}': there is no such file or folder`);
    await mkdir(file);
    await expect(readAll()).rejects.toThrow(`cannot read '${file}': it is a folder`);
  });
});
