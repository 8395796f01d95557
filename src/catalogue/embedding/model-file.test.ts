import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  tinyDescription,
  tinyDimension,
  tinyGraph,
  tinySide,
  writeTinyModel,
} from '../../../test/fixtures/tiny-model.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { cast, flatten, l2Normalize, mul, reduceMean } from '../../graph/builder/operations.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { importModel } from '../../graph/import/import-model.ts';
import { readModel, recordEvaluation, writeModel } from './model-file.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-model-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a model file', () => {
  it('is read with what it was written with, and is known by its SHA-256', async () => {
    const written = await writeModel(at('model.onnx'), tinyGraph(), tinyDescription);
    const model = await readModel(at('model.onnx'));
    expect(model.metadata).toEqual(written);
    expect(model.metadata).toMatchObject({ ...tinyDescription, format: 1, dimension: tinyDimension });
    expect(model.metadata.createdBy).toMatch(/^deep-lookalike \d+\.\d+\.\d+/);
    expect(model.id).toBe(
      createHash('sha256')
        .update(await readFile(at('model.onnx')))
        .digest('hex'),
    );
    expect(model.path).toBe(at('model.onnx'));
  });

  it('takes what was measured of it, and keeps everything else', async () => {
    const path = at('measured.onnx');
    const written = await writeModel(path, tinyGraph(), tinyDescription);
    const before = await readModel(path);
    await recordEvaluation(path, { recallAt1: 0.25 });
    const after = await readModel(path);
    expect(after.metadata).toEqual({ ...written, evaluation: { recallAt1: 0.25 } });
    expect(after.id).not.toBe(before.id);
    await recordEvaluation(path, tinyDescription.evaluation);
    expect((await readModel(path)).id).toBe(before.id);
  });

  it('says nothing that the graph it is made of said of another model, and keeps what strangers said', async () => {
    const { calibration, ...metadata } = await writeModel(at('first.onnx'), tinyGraph(), tinyDescription);
    const graph = tinyGraph();
    graph.metadata.set('lookalike.calibration', '{"of":"another"}');
    graph.metadata.set('lookalike.quantization', '{"of":"another"}');
    graph.metadata.set('lookalike.unheard', '1');
    graph.metadata.set('author', 'somebody');
    await writeModel(at('second.onnx'), graph, tinyDescription);
    const { metadata: read, bytes } = await readModel(at('second.onnx'));
    expect(read).toEqual(metadata);
    const keys = [...importModel(bytes).metadata.keys()];
    expect(keys).toContain('author');
    expect(keys.filter((key) => /calibration|quantization|unheard/.test(key))).toEqual([]);
  });

  it('is the same file when it is written again, and another for other weights', async () => {
    await writeTinyModel(at('a.onnx'), 1);
    await writeTinyModel(at('b.onnx'), 1);
    await writeTinyModel(at('c.onnx'), 2);
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => readModel(at(`${name}.onnx`))));
    expect(b.id).toBe(a.id);
    expect(c.id).not.toBe(a.id);
  });

  it('carries goldens that tell pictures apart', async () => {
    const { goldens } = (await readModel(at('a.onnx'))).metadata;
    expect(new Set(goldens.map(({ embedding }) => embedding)).size).toBe(3);
    for (const { embedding } of goldens) expect(Buffer.from(embedding, 'base64')).toHaveLength(4 * tinyDimension);
  });

  it.each([
    ['missing.onnx', undefined, /there is no model file '.*missing.onnx': check the path, or train a model first/],
    ['text.onnx', 'this is a text', /cannot use '.*text.onnx' as a model: not an ONNX file/],
    ['words.onnx', 'this is a text', /one \(14 bytes\): give the model.onnx of a training run$/],
    ['empty.onnx', '', /cannot read '.*empty.onnx': it is empty \(0 bytes\): give the model.onnx of a training run/],
  ])('is not %s', async (name, content, message) => {
    if (content !== undefined) await writeFile(at(name), content);
    await expect(readModel(at(name))).rejects.toThrow(message);
  });

  it('is not half a model file, nor an ONNX file without our metadata, nor a folder', async () => {
    const whole = await readFile(at('a.onnx'));
    await writeFile(at('half.onnx'), whole.subarray(0, whole.length >> 1));
    await expect(readModel(at('half.onnx'))).rejects.toThrow(/cannot use '.*half.onnx' as a model: not an ONNX file/);
    await writeFile(at('foreign.onnx'), exportModel(tinyGraph()));
    await expect(readModel(at('foreign.onnx'))).rejects.toThrow(/is an ONNX file, but not a model of lookalike/);
    await expect(readModel(folder)).rejects.toThrow(
      /cannot read '.*': it is a folder: give the file in it, '.*\/model.onnx'/,
    );
    await expect(readModel(`${folder}/`)).rejects.toThrow(`'${folder}/model.onnx'`);
  });

  it('is no pipe, no link to one and no device: none of them is opened', async () => {
    const pipe = at('pipe');
    execFileSync('mkfifo', [pipe]);
    await symlink('pipe', at('link'));
    for (const file of [pipe, at('link'), '/dev/zero']) {
      await expect(readModel(file)).rejects.toThrow(`cannot read '${file}': it is not an ordinary file, but a pipe`);
    }
  });

  it('is not nested without end, whatever its messages say', async () => {
    // An attribute (5) of a node (1) of a graph (7 of the model, 6 of an attribute), and so on.
    let bytes = Uint8Array.of();
    const field = (number: number, inner: Uint8Array) => {
      const head = [(number << 3) | 2];
      let length = inner.length;
      for (; length > 127; length >>>= 7) head.push((length & 127) | 128);
      return Uint8Array.of(...head, length, ...inner);
    };
    for (let depth = 0; depth < 200; depth++) bytes = field(1, field(5, field(6, bytes)));
    await writeFile(at('nested.onnx'), field(7, bytes));
    await expect(readModel(at('nested.onnx'))).rejects.toThrow(/\(\d+ bytes; its parts are nested too deeply\)/);
  });

  it('is not written from a graph that is not one from images to embeddings of unit length', async () => {
    const other = new Graph();
    const x = other.input('x', 'float32', ['N', 4]);
    other.output('embedding', x);
    await expect(writeModel(at('x.onnx'), other, tinyDescription)).rejects.toThrow(
      /takes one input, 'image' uint8\[N, 16, 16, 3\]; this graph takes 'x' float32\[N, 4\]/,
    );
    const small = new Graph();
    small.output('embedding', l2Normalize(flatten(cast(small.input('image', 'uint8', ['N', 8, 8, 3]), 'float32')), 1));
    await expect(writeModel(at('x.onnx'), small, tinyDescription)).rejects.toThrow(/takes 'image' uint8\[N, 8, 8, 3\]/);
    const unnamed = new Graph();
    unnamed.output(
      'y',
      reduceMean(cast(unnamed.input('image', 'uint8', ['N', tinySide, tinySide, 3]), 'float32'), [1, 2]),
    );
    await expect(writeModel(at('x.onnx'), unnamed, tinyDescription)).rejects.toThrow(
      /gives an output 'embedding' float32\[N, dimension\]; this graph gives 'y' float32\[N, 3\]/,
    );
    const long = new Graph();
    const flat = flatten(cast(long.input('image', 'uint8', ['N', tinySide, tinySide, 3]), 'float32'));
    long.output('embedding', mul(l2Normalize(flat, 1), 2));
    await expect(writeModel(at('x.onnx'), long, tinyDescription)).rejects.toThrow(
      /an embedding of length 2.0000, not 1/,
    );
    await expect(readFile(at('x.onnx'))).rejects.toThrow(/ENOENT/);
  });

  it('is not written where nothing can be written', async () => {
    await expect(writeModel(at('a.onnx/model.onnx'), tinyGraph(), tinyDescription)).rejects.toThrow(
      /cannot write '.*model.onnx'/,
    );
  });
});
