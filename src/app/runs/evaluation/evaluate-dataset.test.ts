import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset, unreadableSource } from '../../../../test/fixtures/pixel-dataset.ts';
import { tinyDimension, writeTinyModel } from '../../../../test/fixtures/tiny-model.ts';
import { type Embedder, loadModel } from '../../../catalogue/embedding/embedder.ts';
import { OnnxruntimeEngine } from '../../../engines/onnxruntime/onnxruntime-engine.ts';
import { evaluateEmbeddings } from '../../../evaluation/reports/evaluate-embeddings.ts';
import type { Progress } from '../../../foundation/progress/progress.ts';
import { unlearntFeatures } from '../../../pictures/features/unlearnt-features.ts';
import { type EvaluateDatasetOptions, evaluateDataset } from './evaluate-dataset.ts';

let folder = '';
let engine: OnnxruntimeEngine;
let embedder: Embedder;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'evaluate-dataset-'));
  await writeTinyModel(path.join(folder, 'model.onnx'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
  embedder = await loadModel(path.join(folder, 'model.onnx'), { engine });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

/** Two images of no class and two that cannot be read among 24. */
const labels = [undefined, ...evenClasses(4, 5), undefined, 1, 2];
const dataset = pixelDataset(labels, { sources: { 3: unreadableSource, 22: unreadableSource } });
const judged = labels.flatMap((label, place) => (label === undefined || place === 3 || place === 22 ? [] : [place]));

function evaluate(options: Partial<EvaluateDatasetOptions> = {}) {
  return evaluateDataset({ dataset, embedder, engine, seed: 4, ks: [1, 2], baselines: false, ...options });
}

describe('evaluateDataset', () => {
  it('judges the images that have a class and can be read, and says which those are', async () => {
    const { report, embedded, withoutClass, unreadable, baselines } = await evaluate();
    expect(embedded.places).toEqual(judged);
    const rows = await Promise.all(judged.map((place) => embedder.embedImage(dataset.images[place].source)));
    const embeddings = Float32Array.from(rows.flatMap((row) => [...row]));
    expect(embedded.data).toEqual(embeddings);
    const own = judged.map((place) => labels[place] ?? -1);
    const options = { embeddings, dimension: tinyDimension, labels: own, engine, seed: 4, ks: [1, 2] };
    expect(report).toEqual(await evaluateEmbeddings(options));
    expect(withoutClass).toBe(2);
    expect(unreadable).toEqual([
      { id: '0/3.png', reason: expect.stringContaining("cannot read the image 'no-such-picture.png'") },
      { id: '1/22.png', reason: expect.stringContaining('there is no such file') },
    ]);
    expect(baselines).toBeUndefined();
  });

  it('judges raw pixels and HOG on the same images, if asked', async () => {
    const { baselines, report } = await evaluate({ baselines: true });
    const rule = embedder.model.metadata.preprocessing;
    const { hog, rawPixels } = await unlearntFeatures(
      judged.map((place) => dataset.images[place].source),
      rule,
    );
    const own = judged.map((place) => labels[place] ?? -1);
    const judge = ({ data, dimension }: typeof hog) =>
      evaluateEmbeddings({ embeddings: data, dimension, labels: own, engine, seed: 4, ks: [1, 2] });
    expect(baselines).toEqual({ rawPixels: await judge(rawPixels), hog: await judge(hog) });
    expect(baselines?.rawPixels.images).toBe(report.images);
  });

  it('shows how far it is, one piece of work after the other', async () => {
    const seen: string[] = [];
    const onProgress = ({ work, unit, done, total }: Progress) => {
      if (done === total) seen.push(`${work}: ${total} ${unit}`);
    };
    await evaluate({ onProgress, baselines: true });
    expect(seen).toEqual([
      'embedding: 22 images',
      'judging the model: 20 queries',
      'features: 20 images',
      'judging raw pixels: 20 queries',
      'judging HOG: 20 queries',
    ]);
  });

  it.each(['embedding', 'judging the model', 'features'])('stops with the reason it is given: %s', async (label) => {
    const stop = new AbortController();
    const onProgress = ({ work }: Progress) => {
      if (work === label) stop.abort(new Error('enough'));
    };
    await expect(evaluate({ onProgress, baselines: true, signal: stop.signal })).rejects.toThrow('enough');
  });

  it('refuses images of no class, and images that cannot be read', async () => {
    await expect(evaluate({ dataset: pixelDataset([undefined, undefined]) })).rejects.toThrow(
      "none of the 2 images in 'memory' has a class: put them into one folder a class",
    );
    const sources = { 0: unreadableSource, 1: unreadableSource };
    await expect(evaluate({ dataset: pixelDataset([0, 0], { sources }) })).rejects.toThrow('none of the 2 images can');
    await expect(evaluate({ dataset: pixelDataset([0, 0, 0]) })).rejects.toThrow('at least two classes');
  });
});
