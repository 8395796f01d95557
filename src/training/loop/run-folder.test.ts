import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { makeRunFolder, readRunConfig, refuseRun, runFolder, startRun } from './run-folder.ts';

let base = '';
let place = '';
let count = 0;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'run-folder-'));
});
beforeEach(() => {
  place = path.join(base, `run ${++count}`);
});
afterAll(() => rm(base, { recursive: true }));

describe('a run folder', () => {
  it('is made with the configuration, which is read back as it was', async () => {
    const run = runFolder(path.join(place, 'deeper'));
    await startRun(run, tinyConfig);
    expect(await readRunConfig(run)).toEqual(tinyConfig);
    expect(await readdir(run.folder)).toEqual(['config.json']);
  });

  it('is refused for a new run if it holds one, which stays as it is', async () => {
    const run = runFolder(place);
    await startRun(run, tinyConfig);
    await expect(refuseRun(run)).rejects.toThrow(
      `'${place}' holds a training run: continue it with options.resume: true, or`,
    );
    await expect(startRun(run, { ...tinyConfig, seed: 99 })).rejects.toThrow('choose another folder');
    expect((await readRunConfig(run)).seed).toBe(tinyConfig.seed);
  });

  it('may be a folder that holds something else', async () => {
    await mkdir(place);
    await writeFile(path.join(place, 'notes.txt'), 'mine');
    await startRun(runFolder(place), tinyConfig);
    expect((await readdir(place)).sort()).toEqual(['config.json', 'notes.txt']);
  });

  it('has no run to resume if there is no configuration', async () => {
    const message = `there is no training run to resume in '${place}': it has no config.json`;
    await expect(readRunConfig(runFolder(place))).rejects.toThrow(message);
    await mkdir(place);
    await expect(readRunConfig(runFolder(place))).rejects.toThrow(message);
  });

  it.each<[string, string, RegExp]>([
    [
      'cut off',
      JSON.stringify(tinyConfig).slice(0, 100),
      /config.json' is not JSON: .*; bring it back, or start a new run/,
    ],
    ['empty', '', /config.json' is not JSON/],
    ['not an object', '[1]', /config.json' is no configuration of this version: Invalid input: expected object/],
    ['a number wrong', JSON.stringify({ ...tinyConfig, steps: 0 }), /'steps' is 0 \(Too small/],
    ['a field missing', JSON.stringify({ ...tinyConfig, network: undefined }), /'network' is missing \(Invalid input/],
    ['a field of another version', JSON.stringify({ ...tinyConfig, magic: 1 }), /Unrecognized key: "magic"/],
    [
      'more rows than memory has room for',
      JSON.stringify({ ...tinyConfig, batch: { kind: 'classes', rows: 1e9, imagesPerClass: 4 } }),
      /'batch.rows' is 1000000000 \(Too big: expected number to be <=65536\)/,
    ],
    [
      'more rows at once',
      JSON.stringify({ ...tinyConfig, engine: { ...tinyConfig.engine, rowsAtOnce: 1e9 } }),
      /'engine.rowsAtOnce' is 1000000000/,
    ],
    [
      'more triplets',
      JSON.stringify({ ...tinyConfig, batch: { kind: 'triplets', triplets: 30_000 } }),
      /'batch.triplets'/,
    ],
    ['more steps than end', JSON.stringify({ ...tinyConfig, steps: 1e12 }), /'steps' is 1000000000000/],
    [
      'more proxies',
      JSON.stringify({
        ...tinyConfig,
        loss: { kind: 'proxy-anchor', scale: 32, margin: 0.1, proxyRate: 1, classes: 1e9 },
      }),
      /'loss.classes' is 1000000000/,
    ],
    [
      'nesting without end',
      JSON.stringify({ ...tinyConfig, preset: 0 }).replace(
        '"preset":0',
        `"preset":${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      ),
      /'preset' is nested 100000 deep/,
    ],
    [
      'a number deep inside wrong',
      JSON.stringify({ ...tinyConfig, network: { ...tinyConfig.network, dropout: 1 } }),
      /'network.dropout' is 1 \(Too big/,
    ],
  ])('says what is wrong with a configuration: %s', async (_, text, message) => {
    await mkdir(place);
    await writeFile(path.join(place, 'config.json'), text);
    await expect(readRunConfig(runFolder(place))).rejects.toThrow(message);
  });

  it('cannot be below a file, nor be one', async () => {
    await writeFile(place, 'a file');
    await expect(makeRunFolder(runFolder(path.join(place, 'run')))).rejects.toThrow(
      `cannot make '${path.join(place, 'run')}': a part of its path is a file, not a folder (ENOTDIR)`,
    );
    await expect(makeRunFolder(runFolder(place))).rejects.toThrow(
      `cannot make '${place}': something else is there already (EEXIST); choose another place, or move it away`,
    );
    await expect(readRunConfig(runFolder(place))).rejects.toThrow('there is no training run to resume');
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('has to be writable', async () => {
    await mkdir(place, { mode: 0o500 });
    await expect(makeRunFolder(runFolder(place))).rejects.toThrow(`cannot write into '${place}': permission is denied`);
  });
});
