import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../test/fixtures/make-pictures.ts';
import { complaintsOf, errorOf, makeWorkplace, type Workplace } from '../../../test/support/lookalike.ts';
import { hamming } from '../../distances/hamming.ts';
import { loadModel } from '../../embedding/embedder.ts';

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
    const first = await work.spawned('index', 'shop', '-s', 'shop.lance', '-m', 'model.onnx');
    expect({ code: first.code, complaints: complaintsOf(first) }).toEqual({ code: 0, complaints: '' });
    expect(first.stderr).toMatch(/^model: model.onnx .*\n$/);
    expect(first.stdout).toMatch(
      /^store: shop.lance \(6 images\)\n6 added, 0 updated, 0 removed, 0 unchanged\n2 images left out:\n/,
    );
    expect(first.stdout).toMatch(/empty.png': it is empty \(0 bytes\)/);
    const again = await work.lookalike('index', 'shop', '-s', 'shop.lance', '-m', 'model.onnx', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, unchanged: 6, unreadable: [{}, {}] });
    const results = await search('shop.lance', at('shop', awkward, '2.png'));
    expect(results).toHaveLength(6);
    expect(results[0]).toEqual({ id: `${awkward}/2.png`, distance: 0, path: at('shop', awkward, '2.png') });
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
