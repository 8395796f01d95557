import { Buffer } from 'node:buffer';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asOrdinaryUser } from '../../../test/support/ordinary-user.ts';
import { makeSpecialFiles } from '../../../test/support/special-files.ts';
import { escapedName } from './escaped-name.ts';
import { listImages } from './list-images.ts';
import { loadDataset } from './load-dataset.ts';
import { outOfSight } from './passed-over.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'list-images-'));
  await chmod(root, 0o755);
});
afterEach(() => rm(root, { recursive: true }));

async function files(...names: (string | Buffer)[]): Promise<void> {
  for (const name of names) {
    const file = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
    await mkdir(file.subarray(0, file.lastIndexOf('/')), { recursive: true });
    await writeFile(file, '');
  }
}

/** `id: reason` of what was passed over. */
async function passedOver(): Promise<Record<string, string>> {
  return Object.fromEntries((await listImages(root)).passedOver.map(({ id, reason }) => [id, reason]));
}

describe('listImages', () => {
  it('passes over pipes, sockets, devices and links to them that are named like images, and no others', async () => {
    await files('a/1.png');
    const ends = await Promise.all(
      ['.png', '.JPEG', '.txt', ''].map((ending) => makeSpecialFiles(`${root}/a`, ending)),
    );
    const listed = await listImages(root);
    expect(listed.ids).toEqual(['a/1.png']);
    const kinds = {
      device: 'a device',
      'link-to-pipe': 'a named pipe',
      'link-to-socket': 'a socket',
      pipe: 'a named pipe',
      socket: 'a socket',
    };
    expect(await passedOver()).toEqual(
      Object.fromEntries(
        ['.png', '.JPEG'].flatMap((ending) =>
          Object.entries(kinds).map(([name, kind]) => [
            `a/${name}${ending}`,
            `it is ${kind}, not an ordinary file; copy its content into one`,
          ]),
        ),
      ),
    );
    expect(listed.passedOver.every(({ kind }) => kind === 'unread')).toBe(true);
    for (const end of ends) end();
  });

  it('passes over folders that may not be listed or entered, at any depth, and goes on', async () => {
    await files('a/1.png', 'b/c/2.png', 'd/3.png', 'd/e/4.png', 'z/5.png');
    await chmod(path.join(root, 'b/c'), 0o000);
    await chmod(path.join(root, 'd'), 0o644);
    const { ids, passedOver: over } = await asOrdinaryUser(() => listImages(root));
    await chmod(path.join(root, 'b/c'), 0o755);
    await chmod(path.join(root, 'd'), 0o755);
    expect(ids).toEqual(['a/1.png', 'd/3.png', 'z/5.png']);
    expect(over.map(({ id, kind }) => [id, kind])).toEqual([
      ['b/c/', 'unread'],
      ['d/e/', 'unread'],
    ]);
    expect(over[0].reason).toBe(
      'it cannot be listed: permission is denied (EACCES); change the permissions or choose another place',
    );
  });

  it('refuses a folder that may not be listed itself, and names what was passed over where nothing is left', async () => {
    await files('a/1.png');
    await chmod(path.join(root, 'a'), 0o000);
    await asOrdinaryUser(async () => {
      await expect(loadDataset(path.join(root, 'a'))).rejects.toThrow(
        `cannot list the folder '${path.join(root, 'a')}': permission is denied (EACCES)`,
      );
      await expect(loadDataset(root)).rejects.toThrow(
        /there are no images in .* \(passed over: 'a\/': it cannot be listed: permission is denied/,
      );
    });
    await chmod(path.join(root, 'a'), 0o755);
  });

  it('passes over links that lead nowhere or round, but lists those with the extension of an image', async () => {
    await files('a/1.png');
    await symlink('/nowhere/at/all', path.join(root, 'disk'));
    await symlink('round', path.join(root, 'round'));
    await symlink('nowhere', path.join(root, 'a/2.png'));
    expect((await listImages(root)).ids).toEqual(['a/1.png', 'a/2.png']);
    expect(await passedOver()).toEqual({
      disk: 'it is a link to nothing; remove it, or bring back what it links to',
      round: 'its symbolic links lead round in a circle; remove it',
    });
  });

  it('does not look into what systems put beside pictures, also behind links, but into any folder it is given', async () => {
    const folders = ['@eaDir', '#recycle', '$RECYCLE.BIN', '__MACOSX', 'System Volume Information', 'node_modules'];
    await files('a/1.png', ...folders.map((folder) => `a/${folder}/1.png/SYNOPHOTO_THUMB_M.jpg`));
    await mkdir(path.join(root, 'x'));
    await rename(path.join(root, 'a/#recycle'), path.join(root, 'x/bin'));
    await symlink('../x/bin', path.join(root, 'a/#recycle'));
    const { ids, passedOver: over } = await listImages(root);
    expect(ids).toEqual(['a/1.png', 'x/bin/1.png/SYNOPHOTO_THUMB_M.jpg']);
    expect(over.map(({ id }) => id)).toEqual(folders.map((folder) => `a/${folder}/`).sort());
    expect(over.every(({ kind }) => kind === 'system')).toBe(true);
    expect((await listImages(path.join(root, 'a/@eaDir'))).ids).toEqual(['1.png/SYNOPHOTO_THUMB_M.jpg']);
  });

  it('keeps odd names apart', async () => {
    const names = [
      'caf\u00e9.png',
      'cafe\u0301.png',
      'a/1.png',
      'a /1.png',
      'a./1.png',
      'a\n/1.png',
      'a\u001b[2J/1.png',
      'a\\xe9/1.png',
      'replaced \uFFFD.png',
      '\u202egnp.exe.png',
      `${'x'.repeat(251)}.png`,
      `${'ü'.repeat(125)}.png`,
    ];
    await files(...names);
    expect((await listImages(root)).ids).toEqual(names.sort());
    expect(await passedOver()).toEqual({});
  });
});

describe('names that are not UTF-8', () => {
  const latin1 = (name: string) => Buffer.from(name, 'latin1');

  it('are passed over under ids of their own', async () => {
    try {
      await files(latin1('a/caf\xe9.png'));
    } catch {
      return; // A file system that takes text alone.
    }
    await files(
      latin1('a/caf\xe8.png'),
      'a/caf\uFFFD.png',
      'a/caf\\xe8.png',
      latin1('a/caf\xe9.txt'),
      latin1('\xff\xfe/2.png'),
      Buffer.from('b/\xed\xa0\x80.png', 'latin1'),
    );
    const { ids } = await listImages(root);
    expect(ids).toEqual(['a/caf\\xe8.png', 'a/caf\uFFFD.png']);
    const reason = 'its name is not UTF-8; rename it';
    expect(await passedOver()).toEqual({
      'a/caf\\xe9.png': reason,
      'a/\\.caf\\xe8.png': reason,
      '\\xff\\xfe/': reason,
      'b/\\xed\\xa0\\x80.png': reason,
    });
  });

  it('are named as the reason where one is the path that was given', async () => {
    await expect(loadDataset(path.join(root, 'caf\uFFFD'))).rejects.toThrow('if its name is not UTF-8, rename it');
  });

  it('can be told from their ids, whatever they are', () => {
    const bytesOf = (text: string) =>
      Buffer.concat(
        [...text.matchAll(/\\\\|\\\.|\\x([0-9a-f]{2})|[^\\]/gsu)].map(([part, byte]) =>
          byte === undefined ? Buffer.from({ '\\\\': '\\', '\\.': '' }[part] ?? part) : Buffer.from(byte, 'hex'),
        ),
      );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.nat(3), (bytes, collisions) => {
        const name = Buffer.from(bytes);
        const taken = new Set<string>();
        for (let time = 0; time < collisions; time++) taken.add(escapedName(name, taken));
        const text = escapedName(name, taken);
        expect(taken.has(text)).toBe(false);
        expect(bytesOf(text).equals(name)).toBe(true);
      }),
    );
  });
});

describe('outOfSight', () => {
  it('is what is at or below something unread', () => {
    const hidden = outOfSight([
      { id: 'a/b/', reason: '', kind: 'unread' },
      { id: 'disk', reason: '', kind: 'unread' },
      { id: 'a/@eaDir/', reason: '', kind: 'system' },
    ]);
    expect(['a/b/1.png', 'a/b/c/d/1.png', 'disk/1.png', 'disk'].map(hidden)).toEqual([true, true, true, true]);
    expect(['a/1.png', 'a/bc/1.png', 'a/@eaDir/1.png', 'disk2/1.png', 'b/1.png'].some(hidden)).toBe(false);
    expect(outOfSight([])('a')).toBe(false);
  });
});
