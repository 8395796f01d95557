import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExternalEntries, externalWeights } from '../../../test/fixtures/external-weights.ts';
import { mobileNetwork } from '../../../test/fixtures/foreign-networks.ts';
import { printGraph } from '../../../test/oracles/print-graph.ts';
import { makeWorkplace, type Workplace } from '../../../test/support/lookalike.ts';
import { importModel } from '../../graph/import/import-model.ts';
import { readBackbone } from './read-backbone.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
});
afterAll(() => work.remove());

type Entries = ExternalEntries;

/** A network whose weights lie in `weights.data`, each at a multiple of 64; returns its path. */
async function written(name: string, change?: (entries: Entries, index: number) => Entries) {
  const folder = path.join(work.folder, name);
  await mkdir(folder, { recursive: true });
  const { model, weights } = externalWeights(mobileNetwork({ size: 16 }), 'weights.data', change);
  await writeFile(path.join(folder, 'weights.data'), weights);
  const file = path.join(folder, 'net.onnx');
  await writeFile(file, model);
  return file;
}

/** The places of all tensors with something else for the first one's. */
const first = (other: Entries) => (entries: Entries, index: number) =>
  index === 0 ? { ...entries, ...other } : entries;

describe('readBackbone', () => {
  it('puts weights that lie beside the model into it', async () => {
    const file = await written('beside');
    expect(printGraph(importModel(await readBackbone(file)))).toBe(
      printGraph(importModel(mobileNetwork({ size: 16 }))),
    );
  });

  it('gives the very bytes of a file that has everything', async () => {
    const file = path.join(work.folder, 'whole.onnx');
    await writeFile(file, mobileNetwork({ size: 16 }));
    expect(Buffer.from(await readBackbone(file)).equals(await readFile(file))).toBe(true);
  });

  it('reads a folder below, named with either slash', async () => {
    for (const [name, location] of [
      ['slash', 'inner/weights.data'],
      ['backslash', 'inner\\weights.data'],
    ]) {
      const file = await written(name, (entries) => ({ ...entries, location }));
      await mkdir(path.join(path.dirname(file), 'inner'));
      await writeFile(
        path.join(path.dirname(file), 'inner', 'weights.data'),
        await readFile(path.join(path.dirname(file), 'weights.data')),
      );
      expect(importModel(await readBackbone(file)).outputs.size).toBe(1);
    }
  });

  it.each([
    [
      'up',
      { location: '../beside/weights.data' },
      "its weights' file '../beside/weights.data' is not in the model's folder",
    ],
    [
      'up-inside',
      { location: 'a/../../beside/weights.data' },
      "is not in the model's folder, and is not read: move it",
    ],
    ['absolute', { location: '/etc/passwd' }, "its weights' file '/etc/passwd' is not in the model's folder"],
    ['windows', { location: 'C:\\weights.data' }, "is not in the model's folder"],
    ['nul', { location: 'weights\0.data' }, "is not in the model's folder"],
    ['nameless', { location: '' }, 'but does not say which'],
    [
      'missing',
      { location: 'other.data' },
      "in another file, 'other.data', which is not in its folder: put it there, or",
    ],
    ['folder', { location: '.' }, "its weights' file '.' is not an ordinary file"],
    ['negative', { offset: '-4' }, "has the offset '-4' in 'weights.data', which is no number of bytes"],
    ['fraction', { length: '1e3' }, "has the length '1e3' in 'weights.data', which is no number of bytes"],
    ['beyond', { length: '99999999999' }, "is at 0 to 99999999999 of it: it is not this model's, or was cut short"],
    ['behind', { offset: '99999999', length: '0' }, 'is at 99999999 to 99999999 of it'],
  ])('refuses a place that is none: %s', async (name, other, message) => {
    const file = await written(name, first(other));
    const error: unknown = await readBackbone(file).catch((reason: unknown) => reason);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toContain(`cannot use '${file}' as a backbone: `);
  });

  it('refuses a link out of the folder, and follows one inside', async () => {
    const outside = await written('link-out', first({ location: 'link' }));
    await symlink(path.join(work.folder, 'beside', 'weights.data'), path.join(path.dirname(outside), 'link'));
    await expect(readBackbone(outside)).rejects.toThrow("its weights' file 'link' is a link out of the model's folder");
    const inside = await written('link-in', (entries) => ({ ...entries, location: 'link' }));
    await symlink('weights.data', path.join(path.dirname(inside), 'link'));
    expect(importModel(await readBackbone(inside)).outputs.size).toBe(1);
  });

  it('refuses a file that was cut short, and one with elements too few for its shape', async () => {
    const short = await written('short');
    await truncate(path.join(path.dirname(short), 'weights.data'), 100);
    await expect(readBackbone(short)).rejects.toThrow("its weights' file 'weights.data' has 100 bytes, but tensor");
    const few = await written('few', first({ length: '4' }));
    const bytes = await readBackbone(few);
    expect(() => importModel(bytes)).toThrow(/has 4 bytes, but its shape asks for \d+: the file is damaged/);
  });

  it('refuses more than protobuf can hold', async () => {
    const file = await written('huge', (entries, index) =>
      index > 1 ? entries : { location: 'sparse', offset: '0', length: String(2 ** 31 - 1) },
    );
    await writeFile(path.join(path.dirname(file), 'sparse'), '');
    await truncate(path.join(path.dirname(file), 'sparse'), 2 ** 31);
    await expect(readBackbone(file)).rejects.toThrow('more than 2 GiB');
  });
});
