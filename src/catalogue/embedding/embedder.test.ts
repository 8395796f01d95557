import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  tinyDescription,
  tinyDimension,
  tinyGraph,
  tinySide,
  writeTinyModel,
} from '../../../test/fixtures/tiny-model.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { packagedModel } from '../../foundation/packaged-model.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { shuffle } from '../../foundation/random/shuffle.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { embedAll } from './embed-all.ts';
import { type Embedder, loadModel } from './embedder.ts';
import { metadataProperties } from './metadata-properties.ts';
import { readModel, writeModel } from './model-file.ts';
import type { ModelMetadata } from './model-metadata.ts';

const size = tinySide * tinySide * 3;
let folder: string;
let embedder: Embedder;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-embedder-'));
  await writeTinyModel(at('model.onnx'));
  embedder = await loadModel(at('model.onnx'));
});
afterAll(async () => {
  await embedder.close();
  await rm(folder, { recursive: true, force: true });
});

function randomPixels(count: number, seed: number): Uint8Array {
  const random = RandomSource.fromSeed(seed);
  return Uint8Array.from({ length: count * size }, () => random.integer(256));
}

function rowsOf(table: Float32Array): Float32Array[] {
  return Array.from({ length: table.length / tinyDimension }, (_, row) =>
    table.slice(row * tinyDimension, (row + 1) * tinyDimension),
  );
}

function pictures(pixels: Uint8Array): ImageSource[] {
  return Array.from({ length: pixels.length / size }, (_, index) => {
    const data = pixels.subarray(index * size, (index + 1) * size);
    return { kind: 'pixels', width: tinySide, height: tinySide, channels: 3, data };
  });
}

describe('an embedder', () => {
  it('gives the rows that the graph gives', async () => {
    const engine = await OnnxruntimeEngine.create();
    const program = await engine.compile(tinyGraph());
    const pixels = randomPixels(5, 1);
    const { embedding } = await program.run({
      image: { type: 'uint8', shape: [5, tinySide, tinySide, 3], data: pixels.slice() },
    });
    const rows = await embedder.embedPixels(pixels);
    expect(rows).toHaveLength(5 * tinyDimension);
    for (const [index, value] of rows.entries()) expect(value).toBeCloseTo(Number(embedding.data[index]), 5);
    await engine.close();
  });

  it('gives an image the same bits whatever is embedded with it, and wherever it stands', async () => {
    const count = 21;
    const pixels = randomPixels(count, 2);
    const expected = rowsOf(await embedder.embedPixels(pixels));
    const random = RandomSource.fromSeed(3);
    for (let round = 0; round < 6; round++) {
      const order = shuffle(
        Array.from({ length: count }, (_, index) => index),
        random,
      ).slice(0, 1 + random.integer(count));
      const shuffled = new Uint8Array(order.length * size);
      for (const [place, index] of order.entries())
        shuffled.set(pixels.subarray(index * size, (index + 1) * size), place * size);
      const rows = rowsOf(await embedder.embedPixels(shuffled));
      expect(rows).toEqual(order.map((index) => expected[index]));
    }
    expect(await embedder.embedPixels(pixels.subarray(0, size))).toEqual(expected[0]);
  });

  it('gives the same bits when it has shortened its batches', async () => {
    await using short = await loadModel(at('model.onnx'));
    const lengths = await short.shortenBatches();
    expect(await short.shortenBatches()).toBe(lengths);
    for (const count of [1, 2, 3, 7, 20]) {
      const pixels = randomPixels(count, count);
      expect(Buffer.from((await short.embedPixels(pixels)).buffer)).toEqual(
        Buffer.from((await embedder.embedPixels(pixels)).buffer),
      );
    }
  });

  it('gives one result a source, in order, and lets an unreadable image move no other', async () => {
    const sources: ImageSource[] = [];
    for (let index = 0; index < 30; index++) {
      const file = at(`${index}.png`);
      if (index % 7 === 3) await writeFile(file, index % 2 ? 'not a picture' : '');
      else
        await sharp({
          create: { width: 9, height: 9, channels: 3, background: { r: 8 * index, g: 100, b: 250 - 8 * index } },
        }).toFile(file);
      sources.push({ kind: 'file', path: file });
    }
    sources.push({ kind: 'file', path: at('missing.png') });
    const progress: number[] = [];
    const found = [];
    for await (const result of embedder.embedSources(sources, { onProgress: ({ done }) => progress.push(done) }))
      found.push(result);
    expect(found.map(({ index }) => index)).toEqual(sources.map((_, index) => index));
    for (const [index, result] of found.entries()) {
      if (index === 30 || index % 7 === 3) {
        expect('unreadable' in result && result.unreadable.image).toBe(
          index === 30 ? at('missing.png') : at(`${index}.png`),
        );
      } else {
        expect('vector' in result && result.vector).toEqual(await embedder.embedImage(sources[index]));
      }
    }
    expect(progress.at(-1)).toBe(31);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));

    const table = await embedAll(embedder, sources);
    expect(table.unreadable.map(({ index }) => index)).toEqual([3, 10, 17, 24, 30]);
    expect(table.indexes).toEqual(sources.map((_, index) => index).filter((index) => index !== 30 && index % 7 !== 3));
    expect(rowsOf(table.data)).toEqual(found.flatMap((result) => ('vector' in result ? [result.vector] : [])));
  });

  it('embeds a few at once as it does each of them alone', async () => {
    const pixels = randomPixels(11, 5);
    const sources = pictures(pixels);
    const alone = [];
    for (const source of sources) alone.push(await embedder.embedImage(source));
    expect(await embedder.embedImages(sources)).toEqual(alone);
    expect(await embedder.embedImages([])).toEqual([]);
  });

  it('takes paths, URLs, bytes and pixels, alone, together and in a stream', async () => {
    const [source] = pictures(randomPixels(1, 9));
    if (source.kind !== 'pixels') throw new Error('the fixture gives pixels');
    const file = at('argument.png');
    const { data, width, height, channels } = source;
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(file);
    const bytes = await readFile(file);
    const given = [
      file,
      pathToFileURL(file),
      bytes,
      new Blob([Uint8Array.from(bytes)]),
      { data, width, height, channels },
    ];
    const expected = await embedder.embedImage(source);
    for (const image of given) expect(await embedder.embedImage(image)).toEqual(expected);
    expect(await embedder.embedImages(given)).toEqual(given.map(() => expected));
    const many = [...given, ...Array.from({ length: 90 }, (_, index) => given[index % given.length])];
    const streamed = await embedAll(embedder, many);
    expect(rowsOf(streamed.data)).toEqual(many.map(() => expected));
    await expect(Reflect.apply(embedder.embedImage, embedder, [[file]])).rejects.toThrow('this is an array of 1');
    await expect(Reflect.apply(embedAll, undefined, [embedder, [bytes, undefined]])).rejects.toThrow(
      'this is undefined',
    );
  });

  it('names the first of a few that cannot be read', async () => {
    const missing = ['x', 'y'].map((name): ImageSource => ({ kind: 'file', path: at(`${name}.jpg`) }));
    await expect(embedder.embedImages([...pictures(randomPixels(1, 6)), ...missing])).rejects.toThrow(/x\.jpg/);
  });

  it('says so when none of the images can be read', async () => {
    const missing = ['x', 'y'].map((name): ImageSource => ({ kind: 'file', path: at(`${name}.jpg`) }));
    await expect(embedAll(embedder, missing)).rejects.toThrow(/none of the 2 images can be read; the first: .*x.jpg/);
    expect(await embedAll(embedder, [])).toMatchObject({ indexes: [], unreadable: [] });
  });

  it('stops when it is told to', async () => {
    const sources = pictures(randomPixels(20, 4));
    const stop = new AbortController();
    const embedded: number[] = [];
    const run = async () => {
      for await (const { index } of embedder.embedSources(sources, { signal: stop.signal })) {
        embedded.push(index);
        if (index === 5) stop.abort(new Error('enough'));
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(embedded).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('refuses pixels that are not whole images', async () => {
    await expect(embedder.embedPixels(new Uint8Array(size + 1))).rejects.toThrow(
      /769 bytes are not whole images of 16 x 16 x 3/,
    );
    expect(await embedder.embedPixels(new Uint8Array(0))).toHaveLength(0);
  });
});

describe('loading a model', () => {
  it('loads the one that the package carries where none is named', async () => {
    const own = await loadModel();
    expect(own.model.path).toBe(packagedModel);
    expect(own.model.metadata.description).toMatch(/pictures of any kind/);
    await own.close();
  });

  it('takes a path or a file URL', async () => {
    const { id } = await readModel(at('model.onnx'));
    for (const place of [at('model.onnx'), pathToFileURL(at('model.onnx')), pathToFileURL(at('model.onnx')).href]) {
      const loaded = await loadModel(place, { threads: 1 });
      expect(loaded.model).toMatchObject({ id, path: at('model.onnx') });
      await loaded.close();
    }
  });

  it.each<[readonly unknown[], string]>([
    [[undefined], 'was given undefined; without arguments it loads the model that the package carries'],
    [[undefined, { threads: 1 }], 'was given undefined;'],
    [[null], 'was given null;'],
    [[''], 'was given an empty text;'],
    [[{ threads: 1 }], 'was given an object with threads;'],
    [[new Uint8Array(3)], 'was given a Uint8Array of 3 bytes;'],
    [[new URL('https://example.org/model.onnx')], "was given the URL 'https://example.org/model.onnx';"],
    [[Promise.resolve('model.onnx')], 'was given a Promise (await it);'],
  ])('refuses what is no place of a file: %s', async (given, message) => {
    await expect(Reflect.apply(loadModel, undefined, given)).rejects.toThrow(
      `loadModel takes the path of a model.onnx or its file URL, and ${message}`,
    );
  });

  it('says so where it is used after it was closed', async () => {
    const closed = await loadModel(at('model.onnx'), { threads: 1 });
    await closed.close();
    await expect(closed.embedPixels(randomPixels(1, 1))).rejects.toThrow(
      `the model '${at('model.onnx')}' is closed: load it again to embed with it`,
    );
    await closed.close();
  });

  it('refuses one that does not compute what it did when it was written', async () => {
    const { metadata } = await readModel(at('model.onnx'));
    const graph = tinyGraph(2);
    for (const [key, value] of metadataProperties(metadata)) graph.metadata.set(key, value);
    await writeFile(at('other-weights.onnx'), exportModel(graph));
    await expect(loadModel(at('other-weights.onnx'))).rejects.toThrow(
      /cannot use '.*other-weights.onnx' as a model: the embedding of its test picture 1 has cosine .*below 0.9999/,
    );
  });

  it('refuses one whose properties are of another graph, whatever they say', async () => {
    const { metadata } = await readModel(at('model.onnx'));
    const saying = async (changed: Partial<ModelMetadata>) => {
      const graph = tinyGraph();
      const properties = metadataProperties({ ...metadata, ...changed });
      for (const [key, value] of properties) graph.metadata.set(key, value);
      await writeFile(at('saying.onnx'), exportModel(graph));
      return loadModel(at('saying.onnx'), { threads: 1 });
    };
    const embedding = Buffer.alloc(4 * 60_000).toString('base64');
    const goldens = metadata.goldens.map((golden) => ({ ...golden, embedding }));
    await expect(saying({ dimension: 60_000, goldens })).rejects.toThrow(
      "its property 'lookalike.dimension' is 60000, and its graph gives 24 numbers: the file is damaged",
    );
    const preprocessing = { ...metadata.preprocessing, width: 8192, height: 1024 };
    await expect(saying({ preprocessing })).rejects.toThrow(
      "a model takes one input, 'image' uint8[N, 1024, 8192, 3]; this graph takes 'image' uint8[N, 16, 16, 3]",
    );
  });

  it('notices a flipped weight', async () => {
    const bytes = await readFile(at('model.onnx'));
    const weights = bytes.length >> 1;
    bytes.fill(0x41, weights, weights + 4000);
    await writeFile(at('damaged.onnx'), bytes);
    await expect(loadModel(at('damaged.onnx'))).rejects.toThrow(/cannot use '.*damaged.onnx' as a model/);
  });

  it('leaves an engine that it was given open', async () => {
    const engine = await OnnxruntimeEngine.create();
    const borrowed = await loadModel(at('model.onnx'), { engine });
    await borrowed.close();
    const program = await engine.compile(tinyGraph());
    await program.release();
    await engine.close();
  });

  it('takes any batch size', async () => {
    const pixels = randomPixels(3, 5);
    const expected = await embedder.embedPixels(pixels);
    for (const embeddingBatch of [1, 2, 32]) {
      await writeModel(at('batch.onnx'), tinyGraph(), { ...tinyDescription, embeddingBatch });
      const other = await loadModel(at('batch.onnx'), { threads: 1 });
      const rows = await other.embedPixels(pixels);
      for (const [index, value] of rows.entries()) expect(value).toBeCloseTo(expected[index], 5);
      await other.close();
    }
  });
});
