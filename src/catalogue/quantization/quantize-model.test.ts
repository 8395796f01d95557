import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../test/fixtures/make-pictures.ts';
import { tinyDescription, tinyDimension, writeTinyModel } from '../../../test/fixtures/tiny-model.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { fitCalibration, TooFewPairs } from '../../evaluation/calibration/fit-calibration.ts';
import { exists } from '../../foundation/files/exists.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { cast, flatten, l2Normalize, mul, reduceMean } from '../../graph/builder/operations.ts';
import { importModel } from '../../graph/import/import-model.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import { encodePng } from '../../pictures/decoding/encode-png.ts';
import { embedAll } from '../embedding/embed-all.ts';
import { loadModel } from '../embedding/embedder.ts';
import { readModel, recordCalibration, recordEvaluation, writeModel } from '../embedding/model-file.ts';
import { type QuantizeModelOptions, quantizeModel } from './quantize-model.ts';

let folder: string;
let engine: OnnxruntimeEngine;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-quantize-'));
  await makePictures(at('pictures'), { classes: 5, picturesPerClass: 8, size: 24 });
  await writeTinyModel(at('model.onnx'));
  engine = await OnnxruntimeEngine.create();
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** A picture of 16 x 16 whose bytes are told by their place. */
async function writePicture(name: string, byte: (place: number) => number): Promise<void> {
  await mkdir(path.dirname(at(name)), { recursive: true });
  const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, place) => byte(place));
  await writeFile(at(name), await encodePng({ width: 16, height: 16, data }));
}

async function quantized(output: string, options: Partial<QuantizeModelOptions> = {}) {
  const dataset = options.dataset ?? (await loadDataset(at('pictures')));
  return quantizeModel({ model: at('model.onnx'), output: at(output), engine, ...options, dataset });
}

describe('quantizeModel', () => {
  it('writes a model that loads, embeds nearly as before, and says where it is from', async () => {
    const { metadata, quantization, before, after } = await quantized('small.onnx');
    const [original, small] = await Promise.all([readModel(at('model.onnx')), readModel(at('small.onnx'))]);
    expect(small.metadata).toEqual(metadata);
    expect(quantization).toEqual({
      of: original.id,
      layers: 1,
      weightLimit: 63,
      ranges: 'mean-squared-error',
      calibrationImages: 10,
      queries: before.queries,
      recallAt1: { before: before.measures['recallAt1'].value, after: after.measures['recallAt1'].value },
    });
    expect(metadata).toMatchObject({ ...tinyDescription, quantization, evaluation: {}, dimension: tinyDimension });
    expect(metadata.goldens).not.toEqual(original.metadata.goldens);
    expect(importModel(small.bytes).nodes.some(({ op }) => op === 'QuantizeLinear')).toBe(true);

    const sources = (await loadDataset(at('pictures'))).images.map(({ source }) => source);
    const rows = [];
    for (const name of ['model.onnx', 'small.onnx']) {
      const embedder = await loadModel(at(name));
      rows.push((await embedAll(embedder, sources)).data);
      await embedder.close();
    }
    const [exact, found] = rows;
    expect(exact).not.toEqual(found);
    for (let row = 0; row < sources.length; row++) {
      let cosine = 0;
      for (let i = row * tinyDimension; i < (row + 1) * tinyDimension; i++) cosine += exact[i] * found[i];
      expect(cosine).toBeGreaterThan(0.998);
    }
  });

  it('has nothing that was measured of the other model: no evaluation, no calibration but its own', async () => {
    const embedded = async (name: string) => {
      const dataset = await loadDataset(at('pictures'));
      const embedder = await loadModel(at(name));
      const { data, dimension } = await embedAll(
        embedder,
        dataset.images.map(({ source }) => source),
      );
      await embedder.close();
      const labels = dataset.images.map(({ label }) => label!);
      return { embeddings: data, dimension, labels, distance: 'euclidean', seed: 0 } as const;
    };
    const told = { source: 'the other model' };
    await recordEvaluation(at('model.onnx'), { recallAt1: 0.123 });
    await recordCalibration(
      at('model.onnx'),
      fitCalibration({ ...(await embedded('model.onnx')), ...told }),
      at('told.onnx'),
    );

    const few = await quantized('few.onnx', { model: at('told.onnx') });
    expect(few.calibration).toBeInstanceOf(TooFewPairs);
    const fewRead = (await readModel(at('few.onnx'))).metadata;
    expect([fewRead.calibration, fewRead.evaluation]).toEqual([undefined, {}]);

    const judge = await loadDataset(at('pictures'));
    const own = await quantized('own.onnx', { model: at('told.onnx'), judge });
    const source = '40 images of 5 classes that quantising was judged on';
    const expected = fitCalibration({ ...(await embedded('own.onnx')), source });
    expect(own.calibration).toEqual(expected);
    expect((await readModel(at('own.onnx'))).metadata.calibration).toEqual(expected);
    await recordEvaluation(at('model.onnx'), tinyDescription.evaluation);
  });

  it('gives the same file again', async () => {
    await quantized('again-1.onnx');
    await quantized('again-2.onnx');
    expect((await readModel(at('again-1.onnx'))).id).toBe((await readModel(at('again-2.onnx'))).id);
  });

  it('writes nothing where Recall@1 falls by more than half a point', async () => {
    // Ranges from black pictures: everything brighter becomes one grey, and bright pictures are all alike.
    await writePicture('black/a/1.png', () => 0);
    for (const name of ['a', 'b', 'c', 'd']) {
      const random = RandomSource.fromSeed(1, name);
      const texture = Array.from({ length: 16 * 16 * 3 }, () => 140 + random.integer(110));
      for (const number of [1, 2]) await writePicture(`bright/${name}/${number}.png`, (place) => texture[place]);
    }
    const options = { dataset: await loadDataset(at('black')), judge: await loadDataset(at('bright')) };
    await expect(quantized('worse.onnx', options).then(({ quantization }) => quantization)).rejects.toThrow(
      /^Recall@1 falls from 100.00% to [\d.]+% on 8 queries, by [\d.]+ points where 0.50 are allowed, so nothing is written: calibrate on more pictures .*, judge on more \(one query is 12.50 points\), or keep/,
    );
    expect(await exists(at('worse.onnx'))).toBe(false);
  });

  it('refuses a model that is quantised already, by what its file says or by its operators', async () => {
    await quantized('once.onnx');
    const message = /once.onnx' is quantised already: give the model that it was made of/;
    await expect(quantized('twice.onnx', { model: at('once.onnx') })).rejects.toThrow(message);
    const graph = importModel((await readModel(at('once.onnx'))).bytes);
    graph.metadata.clear();
    await writeModel(at('bare-once.onnx'), graph, tinyDescription);
    await expect(quantized('twice.onnx', { model: at('bare-once.onnx') })).rejects.toThrow(message);
    expect(await exists(at('twice.onnx'))).toBe(false);
  });

  it('refuses a model without layers, and one that is none', async () => {
    const graph = new Graph();
    const image = graph.input('image', 'uint8', ['N', 16, 16, 3]);
    graph.output('embedding', l2Normalize(flatten(reduceMean(mul(cast(image, 'float32'), 1 / 255), [1])), 1));
    await writeModel(at('means.onnx'), graph, tinyDescription);
    await expect(quantized('x.onnx', { model: at('means.onnx') })).rejects.toThrow(
      /means.onnx' has no convolution and no hidden dense layer with constant weights: nothing can be quantised/,
    );
    await writeFile(at('text.onnx'), 'not a model');
    await expect(quantized('x.onnx', { model: at('text.onnx') })).rejects.toThrow(
      /cannot use '.*text.onnx' as a model/,
    );
  });

  it('passes over images that cannot be read, and refuses if none can', async () => {
    await mkdir(at('broken/a'), { recursive: true });
    await writeFile(at('broken/a/1.png'), 'not a picture');
    const judge = await loadDataset(at('pictures'));
    await expect(quantized('x.onnx', { dataset: await loadDataset(at('broken')), judge })).rejects.toThrow(
      'calibration: none of the images can be read',
    );
  });

  it('stops when it is told to', async () => {
    await expect(quantized('x.onnx', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
