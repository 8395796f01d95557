import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryName } from './temporary-name.ts';
import { writeAtomically, writeJsonAtomically, writeTogether } from './write-atomically.ts';

const root = mkdtempSync(path.join(tmpdir(), 'write-atomically-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let count = 0;
beforeEach(() => {
  folder = path.join(root, String(count++));
  mkdirSync(folder);
});

describe('writeAtomically', () => {
  it('writes pieces of any kind in order', async () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.boolean(), async (content, asynchronous) => {
        const file = path.join(folder, 'any');
        await writeAtomically(
          file,
          asynchronous
            ? (async function* () {
                yield* content;
              })()
            : content,
        );
        expect(readFileSync(file)).toEqual(Buffer.concat(content.map((item) => Buffer.from(item as Uint8Array))));
      }),
      { numRuns: 30 },
    );
    await writeAtomically(path.join(folder, 'text'), 'äöü');
    expect(readFileSync(path.join(folder, 'text'), 'utf8')).toBe('äöü');
    await writeAtomically(path.join(folder, 'bytes'), Uint8Array.of(1, 2, 3));
    expect([...readFileSync(path.join(folder, 'bytes'))]).toEqual([1, 2, 3]);
    expect(readdirSync(folder).sort()).toEqual(['any', 'bytes', 'text']);
  });

  it('makes the target of a link to what is not there yet, and leaves the link', async () => {
    mkdirSync(path.join(folder, 'inside'));
    symlinkSync('inside/second', path.join(folder, 'first'));
    symlinkSync('file', path.join(folder, 'inside', 'second'));
    await writeAtomically(path.join(folder, 'first'), 'content');
    expect(readFileSync(path.join(folder, 'inside', 'file'), 'utf8')).toBe('content');
    for (const link of ['first', 'inside/second']) {
      expect(lstatSync(path.join(folder, link)).isSymbolicLink()).toBe(true);
    }
  });

  it('writes a head once what follows has come', async () => {
    let count = 0;
    async function* body() {
      for (; count < 3; count++) yield `row ${count};`;
    }
    const file = path.join(folder, 'headed');
    await writeAtomically(file, { headBytes: 4, body: body(), head: () => Buffer.from(`n: ${count}`) });
    expect(readFileSync(file, 'utf8')).toBe('n: 3row 0;row 1;row 2;');
  });

  it('writes pieces that come to more than a block', async () => {
    const piece = Uint8Array.from({ length: 1000 }, (_, place) => place % 251);
    await writeAtomically(
      path.join(folder, 'long'),
      Array.from({ length: 2500 }, () => piece),
    );
    expect(
      readFileSync(path.join(folder, 'long')).equals(Buffer.concat(Array.from({ length: 2500 }, () => piece))),
    ).toBe(true);
  });

  it('takes each piece as it is when it comes: the next one may be in the same memory', async () => {
    const memory = new Uint8Array(700_000);
    function* again() {
      for (let round = 1; round <= 5; round++) yield memory.subarray(0, round * 100_000).fill(round);
      yield memory.fill(6);
      yield new Uint8Array(1_500_000).fill(7);
      yield memory.subarray(0, 3).fill(8);
    }
    await writeAtomically(path.join(folder, 'again'), again());
    const lengths = [100_000, 200_000, 300_000, 400_000, 500_000, 700_000, 1_500_000, 3];
    const expected = Buffer.concat(lengths.map((length, place) => Buffer.alloc(length, place + 1)));
    expect(readFileSync(path.join(folder, 'again')).equals(expected)).toBe(true);
  });

  it('writes only views, not the buffers under them', async () => {
    const bytes = Uint8Array.from({ length: 10 }, (_, i) => i);
    await writeAtomically(path.join(folder, 'view'), [bytes.subarray(3, 5), bytes.subarray(8)]);
    expect([...readFileSync(path.join(folder, 'view'))]).toEqual([3, 4, 8, 9]);
  });

  it('takes any legal name, up to the longest', async () => {
    for (const name of ['with space, "quotes" and ünïcode 画像', 'n'.repeat(255)]) {
      await writeAtomically(path.join(folder, name), 'x');
      expect(readFileSync(path.join(folder, name), 'utf8')).toBe('x');
    }
  });

  it('keeps the permissions of the file it replaces, and symbolic links', async () => {
    const file = path.join(folder, 'private');
    writeFileSync(file, 'old');
    chmodSync(file, 0o600);
    symlinkSync('private', path.join(folder, 'link'));
    await writeAtomically(path.join(folder, 'link'), 'new');
    expect(lstatSync(path.join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('leaves the old file and no temporary one when the content fails half way', async () => {
    const file = path.join(folder, 'kept');
    await writeAtomically(file, 'old');
    function* failing() {
      yield 'new';
      throw new Error('no more content');
    }
    await expect(writeAtomically(file, failing())).rejects.toThrow(/^no more content$/);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['kept']);
  });

  it('removes what dead processes left for the same file, and nothing else', async () => {
    const file = path.join(folder, 'a');
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const ours = temporaryName(file);
    const left = ours.replace(`.${process.pid}.`, `.${dead}.`);
    const foreign = temporaryName(path.join(folder, 'b')).replace(`.${process.pid}.`, `.${dead}.`);
    for (const name of [ours, left, foreign, 'note.tmp']) writeFileSync(path.join(folder, name), 'x');
    await writeAtomically(file, 'new');
    expect(readdirSync(folder).sort()).toEqual(['a', 'note.tmp', ours, foreign].sort());
  });

  it.each([
    ['a missing folder', () => path.join(folder, 'none', 'a'), /\(ENOENT\); check the path, or make its folder first$/],
    ['a file as folder', () => path.join(folder, 'file', 'a'), /\(ENOTDIR\); check the path$/],
    ['a folder', () => folder, /: it is a folder; name a file$/],
    ['a device', () => '/dev/null', /: it is not an ordinary file; choose another place$/],
    ['a loop of links', () => path.join(folder, 'loop'), /\(ELOOP\); remove the loop or choose another place$/],
    ['too long a name', () => path.join(folder, 'n'.repeat(256)), /\(ENAMETOOLONG\); choose a shorter name$/],
  ])('refuses %s in one line', async (_, place, message) => {
    writeFileSync(path.join(folder, 'file'), '');
    symlinkSync('loop', path.join(folder, 'loop'));
    const before = readdirSync(folder);
    const error: unknown = await writeAtomically(place(), 'x').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(`cannot write '${place()}'`);
    expect((error as Error).message).not.toContain('\n');
    expect(readdirSync(folder)).toEqual(before);
  });

  it.skipIf(process.getuid?.() === 0)('says so when the folder may not be written (root may)', async () => {
    chmodSync(folder, 0o500);
    await expect(writeAtomically(path.join(folder, 'a'), 'x')).rejects.toThrow(/permission is denied \(EACCES\)/);
    chmodSync(folder, 0o700);
  });
});

describe('writeTogether', () => {
  it('writes several files, and none of them where the content of one fails', async () => {
    const [first, second] = ['first', 'second'].map((name) => path.join(folder, name));
    await writeTogether([
      [first, 'old'],
      [second, ['o', 'ld']],
    ]);
    expect([first, second].map((file) => readFileSync(file, 'utf8'))).toEqual(['old', 'old']);
    function* failing() {
      yield 'new';
      throw new Error('no more content');
    }
    await expect(
      writeTogether([
        [first, 'new'],
        [second, failing()],
      ]),
    ).rejects.toThrow(/^no more content$/);
    await expect(
      writeTogether([
        [first, 'new'],
        [path.join(folder, 'none', 'a'), 'new'],
      ]),
    ).rejects.toThrow(/ENOENT/);
    expect([first, second].map((file) => readFileSync(file, 'utf8'))).toEqual(['old', 'old']);
    expect(readdirSync(folder).sort()).toEqual(['first', 'second']);
  });
});

describe('writeJsonAtomically', () => {
  it('writes what JSON.parse reads back', async () => {
    const file = path.join(folder, 'a.json');
    await writeJsonAtomically(file, { a: [1, null, 'x'], b: { c: true } });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: [1, null, 'x'], b: { c: true } });
  });

  it('refuses what JSON cannot hold and keeps the old file', async () => {
    const file = path.join(folder, 'a.json');
    await writeJsonAtomically(file, 1);
    await expect(writeJsonAtomically(file, { loss: Number.NaN })).rejects.toThrow(`${file}'.loss is NaN`);
    expect(readFileSync(file, 'utf8')).toBe('1\n');
  });
});
