import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import { appendFile, mkdtemp, open, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePipe, makeSpecialFiles } from '../../../test/support/special-files.ts';
import {
  openOrdinaryFile,
  ordinaryFilePieces,
  piecesOf,
  readOrdinaryFile,
  readOrdinaryFileSync,
  statOrdinaryFile,
} from './ordinary-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ordinary-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

const readers = {
  readOrdinaryFile,
  readOrdinaryFileSync: async (file: string) => readOrdinaryFileSync(file),
  ordinaryFilePieces: (file: string) => joined(ordinaryFilePieces(file)),
};

describe.each(Object.entries(readers))('%s', (_, read) => {
  it.each([0, 1, 4095, 300_000, 2 * (1 << 18)])('reads a file of %d bytes, also through a link', async (length) => {
    const bytes = Buffer.from(Uint8Array.from({ length }, (_, k) => (k * 31) % 251));
    const file = path.join(folder, 'a');
    await writeFile(file, bytes);
    await symlink('a', path.join(folder, 'link'));
    expect((await read(file)).equals(bytes)).toBe(true);
    expect((await read(path.join(folder, 'link'))).equals(bytes)).toBe(true);
  });

  it('refuses what is no ordinary file, and waits for nothing', async () => {
    const end = await makeSpecialFiles(folder, '.png');
    const reasons: Record<string, string> = {
      'pipe.png': 'it is a named pipe, not an ordinary file; copy its content into one',
      'link-to-pipe.png': 'it is a named pipe, not an ordinary file; copy its content into one',
      'socket.png': 'it is a socket, not an ordinary file; copy its content into one',
      'link-to-socket.png': 'it is a socket, not an ordinary file; copy its content into one',
      'device.png': 'it is a device, not an ordinary file; copy its content into one',
      '.': 'it is a folder (EISDIR); name a file',
    };
    for (const [name, reason] of Object.entries(reasons)) {
      await expect(read(path.join(folder, name)), name).rejects.toThrow(reason);
    }
    end();
  });

  it('does not free who waits to write into a pipe', async () => {
    const pipe = path.join(folder, 'pipe');
    makePipe(pipe);
    await expect(read(pipe)).rejects.toThrow('a named pipe');
    // Without a reader, opening it to write has nobody to write to.
    const writer = open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    await expect(writer).rejects.toMatchObject({ code: 'ENXIO' });
  });

  it.runIf(process.platform === 'linux')('refuses a file of length 0 that has content', async () => {
    await expect(read('/proc/self/status')).rejects.toThrow('a file of length 0 that has content');
    await expect(read('/proc/kallsyms')).rejects.toThrow('a file of length 0 that has content');
  });

  it('gives the reason of a file that is missing', async () => {
    await expect(read(path.join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('an ordinary file that changes while it is read', () => {
  it('gives what it had when it was opened, however fast it grows', async () => {
    const file = path.join(folder, 'grows');
    await writeFile(file, Buffer.alloc(1_000_000, 1));
    const opened = await openOrdinaryFile(file);
    let length = 0;
    for await (const piece of piecesOf(opened)) {
      length += piece.length;
      await appendFile(file, Buffer.alloc(300_000, 2));
    }
    await opened.handle.close();
    expect(length).toBe(1_000_000);
  });

  it('ends where it ends, if it becomes shorter', async () => {
    const file = path.join(folder, 'shrinks');
    await writeFile(file, Buffer.alloc(1_000_000, 1));
    const opened = await openOrdinaryFile(file);
    await truncate(file, 10);
    expect((await joined(piecesOf(opened))).length).toBe(10);
    await opened.handle.close();
  });
});

describe('a file that is too long to be read whole', () => {
  it('is refused before it is read', async () => {
    const file = path.join(folder, 'sparse');
    await writeFile(file, '');
    await truncate(file, 10e9);
    const reason = 'it has 10000000000 bytes, and at most 2147483647 can be read at once';
    await expect(readOrdinaryFile(file)).rejects.toThrow(reason);
    expect(() => readOrdinaryFileSync(file)).toThrow(reason);
    await expect(statOrdinaryFile(file)).rejects.toThrow(reason);
  });
});
