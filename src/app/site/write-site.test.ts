import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../test/fixtures/make-pictures.ts';
import { writeTinyModel } from '../../../test/fixtures/tiny-model.ts';
import { FileError } from '../../foundation/errors/file-error.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import { onnxruntimeWebFiles, onnxruntimeWebVersion } from './onnxruntime-web-files.ts';
import { writeSite } from './write-site.ts';

let folder: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-site-'));
  model = path.join(folder, 'model.onnx');
  await writeTinyModel(model, 1);
});
afterAll(() => rm(folder, { recursive: true }));

describe('writeSite', () => {
  it('writes the page, onnxruntime-web, the model and pictures, and what of them lies beside the page', async () => {
    const pictures = path.join(folder, 'pictures');
    await makePictures(pictures, { classes: 2, picturesPerClass: 2 });
    const site = path.join(folder, 'site');
    const options = { model, modelName: 'mine', pictures: await loadDataset(pictures) };
    const written = await writeSite(site, options);
    const read = (name: string) => readFile(path.join(site, name));
    expect(JSON.parse(String(await read('alone.json')))).toEqual({
      model: { file: 'model.onnx', name: 'mine' },
      pictures: ['arrow/1.png', 'arrow/2.png', 'bars/1.png', 'bars/2.png'],
    });
    expect(await read('model.onnx')).toEqual(await readFile(model));
    expect(await read('pictures/bars/2.png')).toEqual(await readFile(path.join(pictures, 'bars/2.png')));
    for (const name of [
      'index.html',
      'alone.js',
      'alone-worker.js',
      'page.css',
      'alone.css',
      'icon.svg',
      'LICENSES.txt',
    ])
      expect((await read(name)).length).toBeGreaterThan(0);
    for (const { name } of await onnxruntimeWebFiles())
      expect((await read(`onnxruntime/${name}`)).length).toBeGreaterThan(10_000);
    expect(String(await read('onnxruntime/LICENSE.txt'))).toContain('Copyright (c) Microsoft Corporation');
    // An earlier page is written over.
    expect(await writeSite(site, options)).toEqual(written);
  });

  it('says which file could not be copied where, and goes on in the same folder', async () => {
    const [pictures, site] = ['fleeting', 'begun'].map((name) => path.join(folder, name));
    await makePictures(pictures, { classes: 2, picturesPerClass: 1 });
    const options = { model, modelName: 'mine', pictures: await loadDataset(pictures) };
    const gone = path.join(pictures, 'bars', '1.png');
    const bytes = await readFile(gone);
    await rm(gone);
    const error: unknown = await writeSite(site, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toBe(
      `cannot copy '${gone}' to '${path.join(site, 'pictures/bars/1.png')}': there is no such file or folder (ENOENT); check the path, or make its folder first`,
    );
    await writeFile(gone, bytes);
    expect((await writeSite(site, options)).pictures).toBe(2);
    await expect(writeSite(gone, options)).rejects.toThrow(
      `cannot write a page into '${gone}': a part of its path is a file, not a folder (ENOTDIR); check the path`,
    );
  });

  it('refuses a folder with other things in it, and a file that is no model', async () => {
    const other = path.join(folder, 'other');
    await mkdir(other);
    await writeFile(path.join(other, 'thesis.txt'), 'years of work');
    await expect(writeSite(other, { model, modelName: 'mine' })).rejects.toThrow(
      /^the folder '.*other' has other things in it \('thesis\.txt'\): name a folder that is new, empty, or an earlier page's$/,
    );
    const text = path.join(other, 'thesis.txt');
    await expect(writeSite(path.join(folder, 'new'), { model: text, modelName: 'no' })).rejects.toThrow(/as a model/);
  });
});

describe('onnxruntimeWebFiles', () => {
  it('says how to install the package where it is not', async () => {
    const missing = () => {
      throw new Error('Cannot find module');
    };
    await expect(onnxruntimeWebFiles(missing)).rejects.toThrow(
      `a page computes with the package onnxruntime-web, which is not installed: npm install onnxruntime-web@${onnxruntimeWebVersion}`,
    );
  });

  it('refuses another version of it', async () => {
    const dist = path.join(folder, 'old', 'dist');
    await mkdir(dist, { recursive: true });
    await writeFile(path.join(folder, 'old', 'package.json'), '{ "version": "1.2.3" }');
    await expect(onnxruntimeWebFiles(() => path.join(dist, 'ort.wasm'))).rejects.toThrow(
      `a page computes with onnxruntime-web ${onnxruntimeWebVersion}, and version 1.2.3 is installed: npm install`,
    );
  });

  it('is of the version that Node computes with', async () => {
    const { dependencies, peerDependencies } = JSON.parse(
      await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
    );
    expect(peerDependencies['onnxruntime-web']).toBe(onnxruntimeWebVersion);
    expect(dependencies['onnxruntime-node']).toBe(onnxruntimeWebVersion);
  });
});
