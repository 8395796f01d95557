import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnreadableImageError } from '../src/pictures/decoding/unreadable-image-error.ts';
import { preprocess } from '../src/pictures/preparation/preprocess.ts';
import { preprocessingRule } from '../src/pictures/preparation/preprocessing-rule.ts';
import { makePictures } from './fixtures/make-pictures.ts';

// The built files: a thread cannot load TypeScript.
const built = (file: string) =>
  pathToFileURL(path.join(import.meta.dirname, '../dist/pictures/preparation', file)).href;
const pools = (await import(
  built('preparation-pool.js')
)) as typeof import('../src/pictures/preparation/preparation-pool.ts');
const { PreparationPool } = pools;

const rule = preprocessingRule(24, 16);
let root = '';
let files: string[] = [];
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pool-'));
  await makePictures(root, { classes: 2, picturesPerClass: 6, size: 40 });
  await writeFile(path.join(root, 'text.jpg'), 'no picture');
  await writeFile(path.join(root, 'empty.png'), '');
  const names = await readdir(root, { recursive: true });
  files = names.flatMap((name) => (path.extname(name) === '' ? [] : [path.join(root, name)])).sort();
  files.push(path.join(root, 'missing.png'), root);
});
afterAll(() => rm(root, { recursive: true }));

/** Pixels, or name and message of the error. */
const told = (result: Uint8Array | UnreadableImageError) =>
  result instanceof Uint8Array ? result : { name: result.name, image: result.image, reason: result.reason };

/** What the files have to become, done in this thread. */
async function expected(paths: readonly string[]) {
  const results = paths.map((file) =>
    preprocess({ kind: 'file', path: file }, rule).catch((error: UnreadableImageError) => error),
  );
  return (await Promise.all(results)).map(told);
}

describe('PreparationPool', () => {
  it('is there in built files', () => {
    expect(PreparationPool.available).toBe(true);
  });

  it.each([1, 2, 3])(
    'gives with %i threads what preprocess gives, in order, and why files are unreadable',
    async (threads) => {
      const pool = new PreparationPool(threads);
      const requests = [files, [...files].reverse(), [files[0]], [], files.slice(3, 9)];
      const results = await Promise.all(requests.map((paths) => pool.prepare(paths, rule)));
      for (const [request, paths] of requests.entries()) {
        expect(results[request].map(told)).toEqual(await expected(paths));
      }
      // What a thread hands over is a buffer of its own.
      const pixels = results.flat().filter((result) => result instanceof Uint8Array);
      expect(pixels.length).toBe(12 + 12 + 1 + 6);
      expect(pixels.every(({ buffer, byteLength }) => buffer.byteLength === byteLength)).toBe(true);
      expect(new Set(pixels.map(({ buffer }) => buffer)).size).toBe(pixels.length);
      await pool.close();
    },
  );

  it('fails a request that cannot be done at all, and goes on with the others', async () => {
    const pool = new PreparationPool(1);
    const wrong = pool.prepare(files, { ...rule, width: 0 });
    const right = pool.prepare(files, rule);
    const error: Error = await wrong.then(
      () => expect.fail('a width of 0 is no width'),
      (reason) => reason,
    );
    expect(error.message).toContain('width: a whole number of at least 1 is expected');
    expect(error.stack).toMatch(/preprocess|resize/);
    expect((await right).map(told)).toEqual(await expected(files));
    await pool.close();
  });

  it('keeps class, code, cause and stack of what a thread met', async () => {
    const pool = new PreparationPool(1);
    const [missing] = await pool.prepare([path.join(root, 'missing.png')], rule);
    const { UnreadableImageError: Unreadable } = await import(built('../decoding/unreadable-image-error.js'));
    expect(missing).toBeInstanceOf(Unreadable);
    expect(missing).toMatchObject({ code: 'unreadable-image', cause: { code: 'ENOENT', errno: -2 } });
    expect('stack' in missing && missing.stack).toContain('read-image-file.js');
    await pool.close();
  });

  it('prepares bytes as it does files, and leaves them as they are', async () => {
    const pool = new PreparationPool(2);
    const bytes = await Promise.all(files.slice(0, 4).map((file) => readFile(file)));
    const copies = bytes.map((file) => Buffer.from(file));
    const results = await pool.prepare([files[5], ...bytes, Buffer.from('no picture')], rule);
    expect(results.slice(0, 5).map(told)).toEqual(await expected([files[5], ...files.slice(0, 4)]));
    expect(told(results[5])).toMatchObject({ name: 'UnreadableImageError', image: 'the given bytes' });
    expect(bytes.every((file, place) => file.equals(copies[place]))).toBe(true);
    await pool.close();
  });

  it('makes thumbnails of files and bytes: WebP of their own shape within the box, nothing enlarged', async () => {
    const pool = new PreparationPool(1);
    const wide = await sharp({ create: { width: 400, height: 100, channels: 3, background: '#c04020' } })
      .png()
      .toBuffer();
    const sizes = [];
    for (const [source, side] of [
      [wide, 80],
      [files.find((file) => file.endsWith('1.png'))!, 80],
    ] as const) {
      const { format, width, height } = await sharp(await pool.thumbnail(source, side, side)).metadata();
      sizes.push({ format, width, height });
    }
    expect(sizes).toEqual([
      { format: 'webp', width: 80, height: 20 },
      { format: 'webp', width: 40, height: 40 },
    ]);
    const [red, green, blue] = await sharp(await pool.thumbnail(wide, 8, 8))
      .raw()
      .toBuffer();
    for (const [seen, drawn] of [
      [red, 0xc0],
      [green, 0x40],
      [blue, 0x20],
    ])
      expect(Math.abs(seen - drawn)).toBeLessThan(6);
    await expect(pool.thumbnail(path.join(root, 'text.jpg'), 8, 8)).rejects.toMatchObject({ code: 'unreadable-image' });
    await pool.close();
  });

  it('closes while there is work under way: what is owed fails, and so does what is asked for later', async () => {
    const pool = new PreparationPool(2);
    const owed = Promise.allSettled(Array.from({ length: 40 }, () => pool.prepare(files, rule)));
    await pool.close();
    const reasons = (await owed).map((result) =>
      result.status === 'rejected' ? String(result.reason.message) : 'done',
    );
    expect(reasons).toEqual(Array(40).fill('the threads that prepare pictures have been closed'));
    await expect(pool.prepare(files, rule)).rejects.toThrow('have been closed');
    await pool.close();
  });

  it('reads a file when its turn comes', async () => {
    const pool = new PreparationPool(1);
    const late = path.join(root, 'late.png');
    const [before] = await pool.prepare([late], rule);
    expect(told(before)).toMatchObject({ name: 'UnreadableImageError', image: late });
    await copyFile(files.find((file) => file.endsWith('.png') && !file.endsWith('empty.png'))!, late);
    const [after] = await pool.prepare([late], rule);
    expect([told(after)]).toEqual(await expected([late]));
    await rm(late);
    await pool.close();
  });

  it.each([0, 1.5, -2, Number.NaN])('refuses %d threads', (threads) => {
    expect(() => new PreparationPool(threads)).toThrow('use a whole number of at least 1');
  });

  it('lets the process end when nothing is owed, and not before', () => {
    const script = `
      import { PreparationPool } from ${JSON.stringify(built('preparation-pool.js'))};
      const pool = new PreparationPool(2);
      const count = (await pool.prepare(${JSON.stringify(files)}, ${JSON.stringify(rule)})).length;
      console.log(count);
    `;
    const node = ['--input-type=module', '-e', script];
    const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: 'utf8', timeout: 60_000 });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${files.length}\n`, stderr: '' });
  });
});

describe('closing a pool that owes answers', () => {
  it('is waited for, also when answers are on their way', () => {
    // The answers arrive while this thread is busy, and are read when the threads are being ended.
    const script = `
      import { PreparationPool } from ${JSON.stringify(built('preparation-pool.js'))};
      const pool = new PreparationPool(2);
      const files = ${JSON.stringify(files)};
      const owed = files.map((file) => pool.prepare([file], ${JSON.stringify(rule)}));
      const results = Promise.allSettled(owed);
      await owed[0];
      const until = performance.now() + 500;
      while (performance.now() < until);
      await pool.close();
      await results;
      console.log('closed');
    `;
    const node = ['--input-type=module', '-e', script];
    const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: 'utf8', timeout: 60_000 });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'closed\n', stderr: '' });
  });
});

describe('preparation-worker', () => {
  it('says that it is the entry of a thread', async () => {
    await expect(import(built('preparation-worker.js'))).rejects.toThrow('use PreparationPool');
  });
});
