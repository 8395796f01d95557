import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { complaintsOf, errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { loadModel } from '../../../../catalogue/embedding/embedder.ts';
import { hamming } from '../../../../ranking/distances/hamming.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
});
afterAll(() => work.remove());

async function search(store: string, query: string) {
  const finished = await work.lookalike('search', query, '-s', store, '-m', 'model.onnx', '-k', '100', '--json');
  return JSON.parse(finished.stdout).results as { id: string; distance: number }[];
}

describe('lookalike index, then search', () => {
  it('mirrors a folder with awkward names, broken files and a loop of links, and finds what is in it', async () => {
    await makePictures(at('shop'), { classes: 3, picturesPerClass: 2, size: 24 });
    const awkward = 'it\'s, "größe" 图像';
    await rename(at('shop', 'arrow'), at('shop', awkward));
    await writeFile(at('shop', 'bars', 'text.jpg'), 'only text');
    await writeFile(at('shop', 'bars', 'empty.png'), '');
    await symlink(at('shop'), at('shop', 'bars', 'loop'));
    const first = await work.lookalike('index', 'shop', '-s', 'shop.lance', '-m', 'model.onnx');
    expect({ code: first.code, complaints: complaintsOf(first) }).toEqual({ code: 0, complaints: '' });
    expect(first.stderr).toMatch(/^model: model.onnx .*\n$/);
    expect(first.stdout).toMatch(
      /^store: shop.lance \(6 images\)\n6 added, 0 updated, 0 removed, 0 unchanged\n2 images left out:\n/,
    );
    expect(first.stdout).toMatch(/empty.png': it is empty \(0 bytes\)/);
    expect(first.stdout.trimEnd().split('\n').at(-1)).toBe('next: lookalike search shop/bars/1.png --store shop.lance');
    const again = await work.lookalike('index', 'shop', '-s', 'shop.lance', '-m', 'model.onnx', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, unchanged: 6, unreadable: [{}, {}] });
    const results = await search('shop.lance', at('shop', awkward, '2.png'));
    expect(results).toHaveLength(6);
    expect(results[0]).toMatchObject({ id: `${awkward}/2.png`, distance: 0, path: at('shop', awkward, '2.png') });
  });

  it('prints found images in order, under the model and the store', async () => {
    await work.lookalike('index', 'pictures', '-m', 'model.onnx');
    const { code, stdout, stderr } = await work.lookalike(
      'search',
      'pictures/cross/1.png',
      '-m',
      'model.onnx',
      '-k',
      '2',
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^model: .*\nstore: catalogue.lance \(12 images\)\n$/);
    expect(stdout).toMatch(/^1 {2}0.0000 {2}cross\/1.png\n2 {2}\d\.\d{4} {2}.*png\n$/);
    const within = await work.lookalike('search', 'pictures/cross/1.png', '-m', 'model.onnx', '--within', 'disc/');
    expect(within.stdout.match(/disc\/\d.png/g)).toHaveLength(3);
    expect(within.stdout).not.toMatch(/cross/);
  });

  it('loses nothing when the disk is full', async () => {
    await makePictures(at('growing'), { classes: 1, size: 24 });
    await work.lookalike('index', 'growing', '-s', 'growing.lance', '-m', 'model.onnx');
    const before = await search('growing.lance', at('growing', 'arrow', '1.png'));
    await makePictures(at('growing'), { classes: 4, size: 24 });
    const full = await work.spawnedOnFullDisk(2, 'index', 'growing', '-s', 'growing.lance', '-m', 'model.onnx');
    expect(full.code).toBe(1);
    expect(errorOf(full)).toMatch(/^cannot write the store 'growing.lance': .*\(EFBIG\); choose another place$/);
    expect(before).toHaveLength(6);
    expect(await search('growing.lance', at('growing', 'arrow', '1.png'))).toEqual(before);
    const done = await work.lookalike('index', 'growing', '-s', 'growing.lance', '-m', 'model.onnx', '--json');
    expect(JSON.parse(done.stdout)).toMatchObject({ added: 18, unchanged: 6 });
  });

  it.each([
    ['a missing folder', ['index', 'nowhere'], /there is nothing at '.*nowhere'/],
    ['an empty folder', ['index', 'empty'], /no images .*'.*empty'|'.*empty'.* no images/],
    [
      'only broken images',
      ['index', 'broken', '-s', 'b.lance'],
      /none of the images in 'broken' could be read: .*a.png/,
    ],
    [
      'an unwritable store',
      ['index', 'pictures', '-s', 'model.onnx/s'],
      /'model.onnx\/s' is or lies in a file, but a store is a folder/,
    ],
    [
      'a folder that is no store',
      ['index', 'pictures', '-s', 'pictures'],
      /'pictures' is a folder with other things in it/,
    ],
    [
      'a missing store',
      ['search', 'pictures/disc/1.png', '-s', 'no.lance'],
      /there is no store at 'no.lance': index a folder/,
    ],
    ['a missing query', ['search', 'no.png'], /cannot read the image 'no.png'|there is no store/],
  ])('explains %s in one line', async (_, argv, message) => {
    await mkdir(at('empty'), { recursive: true });
    await mkdir(at('broken'), { recursive: true });
    await writeFile(at('broken', 'a.png'), 'text');
    const finished = await work.lookalike(...argv, '-m', 'model.onnx');
    expect(finished.code).toBe(1);
    expect(errorOf(finished)).toMatch(message);
  });

  it('keeps signs alone with --binary, and the store keeps its distance', async () => {
    const index = (...options: string[]) =>
      work.lookalike('index', 'pictures', '-s', 'bits.lance', '-m', 'model.onnx', ...options);
    const made = await index('--binary');
    expect({ code: made.code, complaints: complaintsOf(made) }).toEqual({ code: 0, complaints: '' });
    expect(made.stdout).toMatch(/\na bit an element: 3 bytes a vector instead of 96\n12 added/);
    const again = JSON.parse((await index('--json')).stdout);
    expect(again).toMatchObject({ distance: 'hamming', bytesPerVector: 3, unchanged: 12 });
    const results = await search('bits.lance', 'pictures/cross/1.png');
    expect(results[0]).toMatchObject({ distance: 0 });
    const { between } = hamming;
    const embedder = await loadModel(at('model.onnx'));
    const vector = (id: string) => embedder.embedImage({ kind: 'file', path: at('pictures', id) });
    const query = await vector('cross/1.png');
    for (const { id, distance } of results) expect(distance).toBe(between(query, await vector(id)));
    await embedder.close();
    const { stderr } = await work.lookalike('search', 'pictures/cross/1.png', '-s', 'bits.lance', '-m', 'model.onnx');
    expect(stderr).toMatch(/\nstore: bits.lance \(12 images, by hamming distance\)\n/);
    const other = await index('--distance', 'cosine');
    expect(errorOf(other)).toMatch(
      /the store 'bits.lance' was made with distance hamming, not cosine: index into another/,
    );
  });

  it('refuses a distance that the store cannot search by, and names the others', async () => {
    const argv = ['index', 'pictures', '-s', 'new.lance', '-m', 'model.onnx', '--distance', 'manhattan'];
    const refused = await work.lookalike(...argv);
    expect(refused.code).toBe(1);
    expect(errorOf(refused)).toMatch(
      /'new.lance' cannot search by manhattan, only by euclidean, squared-euclidean, cosine, hamming: choose one of these/,
    );
    const both = await work.lookalike(...argv, '--binary');
    expect({ code: both.code, error: errorOf(both) }).toMatchObject({ code: 2 });
  });

  it("uses the store's model where none is named, whatever else lies about, and says which", async () => {
    await mkdir(at('run'), { recursive: true });
    await work.lookalike('index', 'pictures', '-s', 'its own.lance', '-m', 'model.onnx');
    await copyFile(at('other.onnx'), at('run', 'model.onnx'));
    const found = await work.lookalike('search', 'pictures/disc/1.png', '-s', 'its own.lance', '--json');
    expect(JSON.parse(found.stdout)).toMatchObject({ model: { path: 'model.onnx', origin: 'store' } });
    const again = await work.lookalike('index', 'pictures', '-s', 'its own.lance', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ model: { path: 'model.onnx' }, unchanged: 12 });
    // The file is gone, and the default one is a copy of it.
    await rename(at('model.onnx'), at('run', 'model.onnx'));
    const moved = await work.lookalike('search', 'pictures/disc/1.png', '-s', 'its own.lance', '--json');
    expect(JSON.parse(moved.stdout)).toMatchObject({
      model: { path: path.join('run', 'model.onnx'), origin: 'store' },
    });
    await copyFile(at('run', 'model.onnx'), at('model.onnx'));
    await copyFile(at('other.onnx'), at('run', 'model.onnx'));
    await rename(at('model.onnx'), at('away.onnx'));
    try {
      for (const argv of [
        ['search', 'pictures/disc/1.png'],
        ['index', 'pictures'],
      ]) {
        const gone = await work.lookalike(...argv, '-s', 'its own.lance');
        expect(gone.code).toBe(1);
        expect(errorOf(gone)).toMatch(
          /made with the model 'model.onnx' \(SHA-256 .*\), and that file is not there any more: name a copy/,
        );
      }
    } finally {
      await rename(at('away.onnx'), at('model.onnx'));
      await rm(at('run'), { recursive: true });
    }
  });

  it('says --moved where the images are of another folder, and names folders that are gone', async () => {
    await makePictures(at('two folders'), { classes: 2, picturesPerClass: 2, size: 24 });
    const index = (images: string, ...more: string[]) =>
      work.lookalike('index', images, '-s', 'two.lance', '-m', 'model.onnx', ...more);
    await index('two folders');
    expect(errorOf(await index('pictures'))).toMatch(
      /'two.lance' mirrors '.*two folders', and indexing '.*pictures' would remove those images: use another store, or give --moved if those/,
    );
    const [gone] = await readdir(at('two folders'));
    await rm(at('two folders', gone), { recursive: true });
    const { code, stdout, stderr } = await index('two folders', '--quiet');
    expect(code).toBe(0);
    expect(stdout).toMatch(/0 added, 0 updated, 2 removed, 2 unchanged/);
    expect(stderr).toBe(
      `lookalike: warning: the folder '${gone}' is gone or empty: 2 images removed from the store\n` +
        'lookalike: warning: if they are on a disk that is not mounted, mount it and index again\n',
    );
  });

  it('waits for who writes the store, says for whom, and takes the place of one that is killed', async () => {
    await work.lookalike('index', 'pictures', '-s', 'waited.lance', '-m', 'model.onnx');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(other, 'spawn');
    const since = new Date().toISOString();
    await writeFile(
      at('waited.lance', 'lock.json'),
      JSON.stringify({ process: other.pid, machine: hostname(), since }),
    );
    const waiting = work.spawned('index', 'pictures', '-s', 'waited.lance', '-m', 'model.onnx', '--quiet');
    const searched = await work.spawned('search', 'pictures/disc/1.png', '-s', 'waited.lance', '-k', '1');
    expect(searched.code).toBe(0);
    const early = await Promise.race([waiting, setTimeout(1500, 'still waiting')]);
    expect(early).toBe('still waiting');
    other.kill('SIGKILL');
    const { code, stdout, stderr } = await waiting;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `lookalike: warning: waiting for process ${other.pid}, which writes the store 'waited.lance' since ${since}\n`,
    });
    expect(stdout).toMatch(/0 added, 0 updated, 0 removed, 12 unchanged/);
    expect(await readdir(at('waited.lance'))).toEqual(['images.lance']);
  });

  it.each(['memory://', 'shared-memory://x', ''])('refuses the store %j, which would be gone', async (store) => {
    const refused = await work.lookalike('index', 'pictures', '-s', store, '-m', 'model.onnx');
    expect(refused.code).toBe(2);
    expect(errorOf(refused)).toMatch(/--store <uri>' (is gone when the command ends|must not be empty): name a folder/);
  });

  it.runIf(process.platform === 'linux')('works with 64 open files, and says what is short of memory', async () => {
    const argv = ['index', 'pictures', '-s', 'few.lance', '-m', 'model.onnx', '--quiet'];
    const few = await work.limited('ulimit -n 64', ...argv);
    expect({ code: few.code, stderr: few.stderr }).toEqual({ code: 0, stderr: '' });
    const small = await work.limited('ulimit -v 10000000', ...argv);
    expect(small.code).not.toBe(0);
    expect(small.stderr).toMatch(
      /the address space of this process is limited to 10\.2 GB \(ulimit -v\); raise the limit and try again/,
    );
  });

  it('explains a store made by another model, and a model file of another kind', async () => {
    await work.lookalike('index', 'pictures', '-s', 'mine.lance', '-m', 'model.onnx');
    for (const argv of [
      ['index', 'pictures'],
      ['search', 'pictures/disc/1.png'],
    ]) {
      const other = await work.lookalike(...argv, '-s', 'mine.lance', '-m', 'other.onnx');
      expect(other.code).toBe(1);
      expect(errorOf(other)).toMatch(
        /the store 'mine.lance' was made with another model: 'model.onnx' .* not 'other.onnx'/,
      );
      const kind = await work.lookalike(...argv, '-s', 'mine.lance', '-m', 'pictures/disc/1.png');
      expect(errorOf(kind)).toMatch(/cannot use 'pictures\/disc\/1.png' as a model: not an ONNX file/);
    }
  });
});
