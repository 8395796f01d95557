import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentHash, lookAt, looksUntouched } from './fingerprint.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-fingerprint-'));
  file = path.join(folder, 'a.jpg');
  await writeFile(file, 'picture');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('fingerprint', () => {
  it("hashes a file's bytes", async () => {
    expect(await contentHash({ kind: 'file', path: file })).toBe(createHash('sha256').update('picture').digest('hex'));
  });

  it('tells raw pictures of the same bytes and another size apart', async () => {
    const data = new Uint8Array(12);
    const hashes = await Promise.all([
      contentHash({ kind: 'pixels', width: 2, height: 2, channels: 3, data }),
      contentHash({ kind: 'pixels', width: 4, height: 1, channels: 3, data }),
      contentHash({ kind: 'pixels', width: 4, height: 3, channels: 1, data }),
    ]);
    expect(new Set(hashes).size).toBe(3);
  });

  it('trusts the time of an old file and not that of one just written', async () => {
    await utimes(file, 1_600_000_000, 1_600_000_000.5);
    const old = await lookAt({ kind: 'file', path: file });
    expect(old).toEqual({ modifiedAt: 1_600_000_000_500, byteLength: 7 });
    const stored = { id: 'a.jpg', contentHash: 'x', ...old };
    expect(looksUntouched(old, stored)).toBe(true);
    expect(looksUntouched({ ...old, byteLength: 8 }, stored)).toBe(false);
    expect(looksUntouched({ ...old, modifiedAt: old.modifiedAt + 1 }, stored)).toBe(false);
    await writeFile(file, 'another');
    const fresh = await lookAt({ kind: 'file', path: file });
    expect(fresh).toEqual({ modifiedAt: 0, byteLength: 7 });
    expect(looksUntouched(fresh, { ...stored, modifiedAt: 0 })).toBe(false);
  });

  it('names a file that cannot be read', async () => {
    const missing = { kind: 'file', path: path.join(folder, 'missing.jpg') } as const;
    await expect(lookAt(missing)).rejects.toThrow(/cannot read '.*missing.jpg': there is no such file/);
    await expect(contentHash(missing)).rejects.toThrow(/cannot read '.*missing.jpg': there is no such file/);
  });
});
