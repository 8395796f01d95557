import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageDataset } from './dataset.ts';
import { loadDataset } from './load-dataset.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'datasets-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Writes files with the given contents, or empty ones: nothing here is decoded. */
async function files(contents: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(path.join(root, path.dirname(name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
}

const empty = (...names: string[]) => files(Object.fromEntries(names.map((name) => [name, ''])));

/** `id: class` of every image. */
function classOfId({ images, classes }: ImageDataset): Record<string, string | undefined> {
  return Object.fromEntries(images.map(({ id, label }) => [id, label === undefined ? undefined : classes[label]]));
}

function idx(type: number, shape: readonly number[], data: readonly number[]): Uint8Array {
  const lengths = shape.flatMap((length) => [length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]);
  return Uint8Array.from([0, 0, type, shape.length, ...lengths, ...data]);
}

describe('a folder of class folders', () => {
  it('takes the path of the folder as the class, at any depth, in code-unit order', async () => {
    await empty('b/2.jpg', 'b/10.JPG', 'a/x/1.png', 'a/x/deep/1.WebP', 'Z/1.tiff', 'a/1.svg', 'é/1.avif', 'c/1.gif');
    const dataset = await loadDataset(root);
    expect(dataset.layout).toBe('class-folders');
    expect(dataset.root).toBe(root);
    expect(dataset.classes).toEqual(['Z', 'a', 'a/x', 'a/x/deep', 'b', 'c', 'é']);
    expect(classOfId(dataset)).toEqual({
      'Z/1.tiff': 'Z',
      'a/1.svg': 'a',
      'a/x/1.png': 'a/x',
      'a/x/deep/1.WebP': 'a/x/deep',
      'b/10.JPG': 'b',
      'b/2.jpg': 'b',
      'c/1.gif': 'c',
      'é/1.avif': 'é',
    });
    expect(dataset.images.map(({ id }) => id)).toEqual(Object.keys(classOfId(dataset)));
    expect(dataset.images[0].source).toEqual({ kind: 'file', path: path.join(root, 'Z/1.tiff') });
  });

  it('passes over hidden files, other files and folders that look like images', async () => {
    await empty('a/1.png', 'a/.2.png', '.b/3.png', 'a/notes.txt', 'a/png', 'a/.png', 'c.jpg/4.bmp');
    expect(classOfId(await loadDataset(root))).toEqual({ 'a/1.png': 'a', 'c.jpg/4.bmp': 'c.jpg' });
  });

  it('keeps names with spaces, commas, quotes, line ends and non-Latin letters as they are', async () => {
    const names = [
      'two words/a b.png',
      'com,ma/a,b.png',
      `quo"te/it's.png`,
      '猫/ねこ 1.png',
      'line\nend/a.png',
      '#test/1.png',
    ];
    await empty(...names);
    expect(Object.keys(classOfId(await loadDataset(root)))).toEqual(names.sort());
  });

  it('leaves images right in the folder without a class, beside others and alone', async () => {
    await empty('1.png', 'a/2.png');
    expect(classOfId(await loadDataset(root))).toEqual({ '1.png': undefined, 'a/2.png': 'a' });
    await rm(path.join(root, 'a'), { recursive: true });
    const flat = await loadDataset(root);
    expect([flat.layout, flat.classes, classOfId(flat)]).toEqual(['flat-folder', [], { '1.png': undefined }]);
  });

  it('loads a folder with a single class', async () => {
    await empty('only/1.png', 'only/2.png');
    expect((await loadDataset(root)).classes).toEqual(['only']);
  });

  it('says which part of a divided folder it is, and which others there are', async () => {
    const images = (count: number) => idx(8, [count, 1, 1], Array(count).fill(7));
    const labels = (count: number) => idx(8, [count], Array(count).fill(1));
    await files({
      'both/train-images-idx3-ubyte': images(3),
      'both/train-labels-idx1-ubyte': labels(3),
      'both/t10k-images-idx3-ubyte': images(2),
      'both/t10k-labels-idx1-ubyte': labels(2),
      'one/train-images-idx3-ubyte': images(3),
      'one/train-labels-idx1-ubyte': labels(3),
    });
    await empty('net/train/n01/a.JPEG', 'net/train/n02/b.JPEG', 'net/val/n02/c.JPEG', 'folder/a/1.png');
    const division = async (name: string) => (await loadDataset(path.join(root, name))).division;
    expect(await division('both')).toEqual({ part: 'train', others: ['test'] });
    expect(await division('both#test')).toEqual({ part: 'test', others: ['train'] });
    expect(await division('one')).toEqual({ part: 'train', others: [] });
    expect(await division('net')).toEqual({ part: 'train', others: ['test'] });
    expect(await division('net#test')).toEqual({ part: 'test', others: ['train'] });
    expect(await division('folder')).toBeUndefined();
  });

  it('enters each folder once, whatever links lead round and back', async () => {
    await empty('a/1.png', 'b/2.png');
    await symlink('..', path.join(root, 'a/up'));
    await symlink(path.join(root, 'a'), path.join(root, 'b/again'));
    await symlink('itself', path.join(root, 'itself'));
    await symlink('nowhere.png', path.join(root, 'b/3.png'));
    await symlink('2.png', path.join(root, 'b/4.png'));
    const ids = Object.keys(classOfId(await loadDataset(root)));
    expect(ids).toEqual(['a/1.png', 'b/2.png', 'b/3.png', 'b/4.png']);
  });

  it('follows a link to a folder elsewhere', async () => {
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'elsewhere-'));
    await writeFile(path.join(elsewhere, '1.png'), '');
    await symlink(elsewhere, path.join(root, 'linked'));
    expect(classOfId(await loadDataset(root))).toEqual({ 'linked/1.png': 'linked' });
    await rm(elsewhere, { recursive: true });
  });
});

describe('Tiny ImageNet and ImageNet', () => {
  it('reads train/<class>/images and the annotations of val', async () => {
    await empty(
      'train/n01/images/n01_0.JPEG',
      'train/n02/images/n02_0.JPEG',
      'val/images/val_0.JPEG',
      'test/images/x.JPEG',
    );
    await files({ 'val/val_annotations.txt': 'val_0.JPEG\tn02\t0\t32\t44\t62\n', 'wnids.txt': 'n01\n' });
    const train = await loadDataset(root);
    expect([train.layout, classOfId(train)]).toEqual([
      'tiny-imagenet',
      { 'train/n01/images/n01_0.JPEG': 'n01', 'train/n02/images/n02_0.JPEG': 'n02' },
    ]);
    expect(classOfId(await loadDataset(`${root}#test`))).toEqual({ 'val/images/val_0.JPEG': 'n02' });
  });

  it('reads train/<class> and val/<class>', async () => {
    await empty('train/n01/a.JPEG', 'train/n02/b.JPEG', 'val/n02/c.JPEG');
    const train = await loadDataset(root, { part: 'train' });
    expect([train.layout, classOfId(train)]).toEqual([
      'imagenet',
      { 'train/n01/a.JPEG': 'n01', 'train/n02/b.JPEG': 'n02' },
    ]);
    expect(classOfId(await loadDataset(root, { part: 'test' }))).toEqual({ 'val/n02/c.JPEG': 'n02' });
  });

  it('reads test/<class> where there is no val', async () => {
    await empty('train/n01/a.JPEG', 'test/n02/c.JPEG');
    expect(classOfId(await loadDataset(root, { part: 'test' }))).toEqual({ 'test/n02/c.JPEG': 'n02' });
  });

  it.each([
    ['Train', 'Valid'],
    ['training', 'validation'],
    ['train', 'testing'],
  ])('reads %s/<class> and %s/<class>', async (train, judged) => {
    await empty(`${train}/cat/a.jpg`, `${train}/dog/b.jpg`, `${judged}/dog/c.jpg`);
    const [learnt, kept] = [await loadDataset(root), await loadDataset(`${root}#test`)];
    expect([learnt.classes, classOfId(kept)]).toEqual([['cat', 'dog'], { [`${judged}/dog/c.jpg`]: 'dog' }]);
    expect([learnt.division, kept.division]).toEqual([
      { part: 'train', others: ['test'] },
      { part: 'test', others: ['train'] },
    ]);
  });

  it('reads past what is no image: files, folders without images, folders of a system, images of no class', async () => {
    await empty('train/README.txt', 'train/cat/a.jpg', 'train/stray.jpg', 'val/cat/b.jpg', 'labels/cat/a.xml');
    await empty('__MACOSX/train/cat/a.jpg', 'train/@eaDir/a.jpg', 'data.yaml');
    expect(classOfId(await loadDataset(root))).toEqual({ 'train/cat/a.jpg': 'cat', 'train/stray.jpg': undefined });
  });

  it('is not what a folder with two training parts is', async () => {
    await empty('train/cat/a.jpg', 'training/cat/b.jpg', 'val/cat/c.jpg');
    expect((await loadDataset(root)).layout).toBe('class-folders');
  });

  it('is not what a folder with other class folders, or with a class called train, is', async () => {
    await empty('train/1.png', 'bus/2.png');
    expect((await loadDataset(root)).classes).toEqual(['bus', 'train']);
    await empty('train/steam/3.png');
    expect((await loadDataset(root)).classes).toEqual(['bus', 'train', 'train/steam']);
  });

  it.each([
    [['train/n01/a.JPEG', 'val/b.JPEG'], '', 'sort the images into class folders'],
    [['train/n01/a.JPEG'], '', "has no part 'test': there is no folder val, valid, validation, test, testing beside"],
    [['train/n01/a.JPEG', 'val/notes.txt'], '', 'there are no images in'],
    [['train/n01/a.JPEG', 'val/images/b.JPEG'], 'b.JPEG n01', `is not 'file<tab>class<tab>…' but 'b.JPEG n01'`],
    [['train/n01/a.JPEG', 'val/images/b.JPEG'], 'c.JPEG\tn01', 'does not name it'],
  ])('says what is wrong with the part test of %j and %j', async (names, annotations, message) => {
    await empty(...names);
    if (annotations !== '') await files({ 'val/val_annotations.txt': annotations });
    await expect(loadDataset(root, { part: 'test' })).rejects.toThrow(message);
  });
});

describe('a CSV with labels', () => {
  const load = async (text: string) => {
    await files({ 'list.csv': text });
    return loadDataset(path.join(root, 'list.csv'));
  };

  it('reads paths relative to itself, quotes, a byte order mark and both kinds of line ends', async () => {
    const dataset = await load(
      '\uFEFFid,Filename,Class\r\n1,"a, b.jpg",x\r\n2,"say ""hi"".jpg","two\nlines"\n3,猫/c.jpg,\n\n',
    );
    expect(classOfId(dataset)).toEqual({ 'a, b.jpg': 'x', 'say "hi".jpg': 'two\nlines', '猫/c.jpg': undefined });
    expect([dataset.layout, dataset.classes]).toEqual(['csv', ['two\nlines', 'x']]);
    expect(dataset.images.find(({ id }) => id === '猫/c.jpg')?.source).toEqual({
      kind: 'file',
      path: path.join(root, '猫/c.jpg'),
    });
  });

  it('takes blanks around cells for none of them, in header and rows, and keeps what is quoted', async () => {
    const dataset = await load('Image , LABEL\r a.png, cat\rb.png ,cat\t\r" c.png",dog\r');
    expect(classOfId(dataset)).toEqual({ ' c.png': 'dog', 'a.png': 'cat', 'b.png': 'cat' });
    await expect(load('image,label\na.png,x\n a.png ,x\n')).rejects.toThrow('line 3 of');
  });

  it.each([
    ['a path', `image,label\n${'a'.repeat(1e7)},x\n`],
    ['a class', `image,label\na.png,${'b'.repeat(1e7)}\n`],
    ['a header', `image,${'c'.repeat(1e7)}\na.png,x\n`],
  ])('refuses %s of 10 MB in few words', async (_, text) => {
    const error: unknown = await load(text).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/(a{60}|b{60}|c{60})… \(and 9999940 characters more\)/);
    expect(String(error).length).toBeLessThan(500);
  });

  it('does not mind how long a cell of another column is', async () => {
    expect(classOfId(await load(`image,label,note\na.png,x,${'n'.repeat(1e6)}\n`))).toEqual({ 'a.png': 'x' });
  });

  it('gives back whatever names were written', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 });
    const rows = fc.uniqueArray(fc.record({ image: name, label: name }), {
      minLength: 1,
      selector: (row) => row.image,
    });
    await fc.assert(
      fc.asyncProperty(rows, async (list) => {
        const dataset = await load(
          stringify(list, { header: true, columns: ['image', 'label'], quoted_match: /^\s|\s$|\r/ }),
        );
        expect(classOfId(dataset)).toEqual(Object.fromEntries(list.map(({ image, label }) => [image, label])));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['', 'is empty: its first line has to name the columns image and label'],
    ['image,label\n', 'lists no images'],
    ['query,positive,negative\na,b,c\n', 'is a CSV of triplets, which have no classes'],
    ['pixels,class\na,b\n', `has no column 'image' or 'path' or 'file' or 'filename', only 'pixels', 'class'`],
    ['image,lable\na,b\n', `has no column 'label' or 'class', only 'image', 'lable'`],
    ['image,label\na.jpg,x\n,y\n', 'line 3'],
    ['image,label\na.jpg,x\n"b\n.jpg",x\na.jpg,y\n', `line 5 of`],
    ['image,label\na.jpg\n', 'is not a CSV'],
    ['image,label\n"a.jpg,x\n', 'is not a CSV'],
  ])('says what is wrong with %j', async (text, message) => {
    await expect(load(text)).rejects.toThrow(message);
    await expect(load(text)).rejects.toThrow(path.join(root, 'list.csv'));
  });
});

describe('IDX files', () => {
  const pictures = idx(8, [3, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const labels = idx(8, [3], [7, 0, 7]);

  it('reads both parts of a folder, plain and compressed, and a single file', async () => {
    await files({
      'train-images-idx3-ubyte.gz': gzipSync(pictures),
      'train-labels-idx1-ubyte': labels,
      't10k-images-idx3-ubyte': idx(8, [1, 1, 2], [8, 9]),
      't10k-labels-idx1-ubyte.gz': gzipSync(idx(8, [1], [3])),
    });
    const train = await loadDataset(root);
    expect([train.layout, train.classes, classOfId(train)]).toEqual([
      'idx',
      ['0', '7'],
      { 'train-images#0': '7', 'train-images#1': '0', 'train-images#2': '7' },
    ]);
    expect(train.images[1].source).toEqual({
      kind: 'pixels',
      width: 2,
      height: 2,
      channels: 1,
      data: Uint8Array.of(5, 6, 7, 8),
    });
    const test = await loadDataset(root, { part: 'test' });
    expect(classOfId(test)).toEqual({ 't10k-images#0': '3' });
    expect(classOfId(await loadDataset(path.join(root, 't10k-images-idx3-ubyte')))).toEqual(classOfId(test));
    expect(classOfId(await loadDataset(`${root}#test`))).toEqual(classOfId(test));
  });

  it('numbers classes by value, not by letters', async () => {
    await files({
      'train-images.idx3-ubyte': idx(8, [2, 1, 1], [0, 0]),
      'train-labels.idx1-ubyte': idx(8, [2], [10, 9]),
    });
    expect((await loadDataset(root)).classes).toEqual(['9', '10']);
  });

  it.each([
    [
      'no labels',
      { 'train-images-idx3-ubyte': pictures },
      'put train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz beside',
    ],
    ['no such part', { 't10k-images-idx3-ubyte': pictures }, `has no IDX images of its part 'train'`],
    [
      'another number',
      { 'train-images-idx3-ubyte': pictures, 'train-labels-idx1-ubyte': idx(8, [1], [0]) },
      '3 images',
    ],
    [
      'floats',
      { 'train-images-idx3-ubyte': idx(13, [1, 1, 1], [0]), 'train-labels-idx1-ubyte': labels },
      'found 0 0 13 3',
    ],
    [
      'cut short',
      { 'train-images-idx3-ubyte': pictures.subarray(0, 20), 'train-labels-idx1-ubyte': labels },
      'and has 4',
    ],
    ['nothing', { 'train-images-idx3-ubyte': '', 'train-labels-idx1-ubyte': labels }, 'found nothing'],
    [
      'no gzip',
      { 'train-images-idx3-ubyte.gz': pictures, 'train-labels-idx1-ubyte': labels },
      'cannot be decompressed',
    ],
    [
      'no images',
      { 'train-images-idx3-ubyte': idx(8, [0, 2, 2], []), 'train-labels-idx1-ubyte': idx(8, [0], []) },
      'no images',
    ],
  ])('says what is wrong: %s', async (_, contents: Record<string, string | Uint8Array>, message) => {
    await files(contents);
    await expect(loadDataset(root)).rejects.toThrow(message);
  });
});

describe('loadDataset', () => {
  it.each([
    ['missing', 'there is nothing at', 'check the path'],
    ['missing#test', `missing'`, 'check the path'],
    ['a/1.png', 'is not a folder', 'give the folder that the images are in'],
    ['empty', 'there are no images in', 'end in jpg, png, webp, gif, tif, avif, svg and the like'],
    ['a#test', `has no part 'test'`, 'leave the part out'],
    ['a/1.png/b', 'there is nothing at', 'check the path'],
    ['pictures.zip', 'is an archive', 'unpack it'],
    ['anchors.csv', 'is a CSV of triplets', 'give images with classes, or a folder'],
  ])('says what is wrong with %s', async (name, problem, nextStep) => {
    await empty('a/1.png', 'empty/notes.txt', 'pictures.zip');
    await files({ 'anchors.csv': 'anchor,positive,negative\na,b,c\n' });
    const error = loadDataset(path.join(root, name));
    await expect(error).rejects.toThrow(problem);
    await expect(error).rejects.toThrow(nextStep);
    await expect(error).rejects.toThrow(path.join(root, name.split('#')[0]));
  });

  it('refuses two different parts at once', async () => {
    await empty('a/1.png');
    await expect(loadDataset(`${root}#test`, { part: 'train' })).rejects.toThrow('leave one of them out');
  });
});
