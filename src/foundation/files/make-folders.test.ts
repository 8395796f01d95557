import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolders } from './make-folders.ts';

const root = mkdtempSync(path.join(tmpdir(), 'make-folders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (...names: string[]) => path.join(root, ...names);

describe('makeFolders', () => {
  it('makes what is missing, and says where it began', async () => {
    expect(await makeFolders(at('a', 'b', 'c'))).toBe(at('a'));
    expect(await makeFolders(at('a', 'b', 'c'))).toBeUndefined();
    expect(await makeFolders(at('a', 'b', 'd', '..', 'e'))).toBe(at('a', 'b', 'e'));
    expect(statSync(at('a', 'b', 'e')).isDirectory()).toBe(true);
    symlinkSync('a', at('link'));
    expect(await makeFolders(at('link', 'f'))).toBe(at('link', 'f'));
    expect(await makeFolders(path.parse(root).root)).toBeUndefined();
  });

  it('makes it once, however many make it at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => makeFolders(at('at', 'once', 'here'))));
    expect(existsSync(at('at', 'once', 'here'))).toBe(true);
  });

  it('says what is in its way', async () => {
    writeFileSync(at('file'), '');
    await expect(makeFolders(at('file'))).rejects.toThrow('EEXIST');
    await expect(makeFolders(at('file', 'x'))).rejects.toThrow('ENOTDIR');
    symlinkSync('nowhere', at('dangling'));
    await expect(makeFolders(at('dangling'))).rejects.toThrow('EEXIST');
  });

  it.skipIf(process.platform !== 'linux')('ends where nothing can be made', async () => {
    await expect(makeFolders('/proc/lookalike/inside')).rejects.toThrow('ENOENT');
  });
});
