import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tinyDescription } from '../../../test/fixtures/tiny-model.ts';
import { needingOneDnn, withOneDnn, withoutOneDnn } from '../../../test/support/onednn-here.ts';
import { smallNetwork } from '../../../test/support/small-run.ts';
import { packagedModel } from '../../foundation/packaged-model.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { evaluationGraph, modelGraph } from '../../training/step/network-graphs.ts';
import { loadModel } from './embedder.ts';
import { writeModel } from './model-file.ts';

const side = 32;

/** A network with batch normalisations whose statistics are none that say nothing. */
async function writeNetwork(file: string): Promise<void> {
  const network = smallNetwork(side, { embeddingDimension: 16 });
  const random = RandomSource.fromSeed(5);
  const weights = new Map(
    evaluationGraph({ network }, 1)
      .inputs.filter(({ name }) => name !== 'image')
      .map(({ name, shape }) => {
        const made = tensor('float32', shape.map(Number));
        const positive = /variance|scale/.test(name);
        for (let place = 0; place < made.data.length; place++)
          made.data[place] = positive ? random.between(0.5, 2) : random.between(-0.1, 0.1);
        return [name, made] as const;
      }),
  );
  const preprocessing = preprocessingRule(side, side);
  await writeModel(file, modelGraph({ network }, weights), { ...tinyDescription, preprocessing, embeddingBatch: 16 });
}

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('embedding on oneDNN'), () => {
  let folder: string;
  beforeAll(async () => {
    vi.stubEnv('LOOKALIKE_ONEDNN', withOneDnn['LOOKALIKE_ONEDNN']);
    folder = await mkdtemp(path.join(tmpdir(), 'lookalike-onednn-'));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const rows = async (file: string, engine: 'onnxruntime' | 'onednn', ownThread = false) => {
    await using model = await loadModel(file, { engine, ownThread, threads: 2 });
    const { width, height } = model.model.metadata.preprocessing;
    const random = RandomSource.fromSeed(7);
    const pixels = Uint8Array.from({ length: 5 * width * height * 3 }, () => random.integer(256));
    return { table: await model.embedPixels(pixels), remark: model.engineRemark, dimension: model.dimension };
  };

  const largest = (a: Float32Array, b: Float32Array) =>
    a.reduce((most, value, place) => Math.max(most, Math.abs(value - b[place])), 0);

  it('gives the vectors of onnxruntime to 1e-5, in this thread and in one of its own', async () => {
    const file = path.join(folder, 'network.onnx');
    await writeNetwork(file);
    const expected = await rows(file, 'onnxruntime');
    const found = await rows(file, 'onednn');
    expect(found.remark).toMatch(/^computed by oneDNN/);
    expect(largest(found.table, expected.table)).toBeLessThan(1e-5);
    expect(largest(expected.table.subarray(0, 16), expected.table.subarray(16, 32))).toBeGreaterThan(1e-3);
    expect((await rows(file, 'onednn', true)).table).toEqual(found.table);
  });

  it('gives them with the model that the package carries', async () => {
    const [expected, found] = [await rows(packagedModel, 'onnxruntime'), await rows(packagedModel, 'onednn')];
    expect(largest(found.table, expected.table)).toBeLessThan(1e-5);
    expect(found.remark).toMatch(/^computed by/);
  });
});
