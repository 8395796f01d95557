import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileNetwork } from '../../../../test/fixtures/foreign-networks.ts';
import { pixelDataset } from '../../../../test/fixtures/pixel-dataset.ts';
import { trunkOf } from '../../../../test/fixtures/trunk-of.ts';
import { placesOf } from '../../../../test/support/places-of.ts';
import { loadModel } from '../../../catalogue/embedding/embedder.ts';
import { OnnxruntimeEngine } from '../../../engines/onnxruntime/onnxruntime-engine.ts';
import { packagedModel } from '../../../foundation/packaged-model.ts';
import type { Progress } from '../../../foundation/progress/progress.ts';
import { PixelCache } from '../../../pictures/preparation/pixel-cache.ts';
import { preprocessingRule } from '../../../pictures/preparation/preprocessing-rule.ts';
import { untouchedFeatures } from './untouched-features.ts';
import { untrainedTables } from './untrained-tables.ts';

let engine: OnnxruntimeEngine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const dataset = pixelDataset([0, 0, 0, 1, 1, 1, 2, 2, 2, 2]);
const sources = dataset.images.map(({ source }) => source);
const rule = preprocessingRule(16, 16);
const places = placesOf([0, 2, 3, 4, 5, 6, 7, 8, 9]);
const pixels = new PixelCache(dataset, rule);

describe('untrainedTables', () => {
  it('gives raw pixels and HOG, and the packaged model and a backbone where there are some', async () => {
    const packaged = await loadModel(packagedModel, { engine });
    const backbone = async () => ({ data: Float32Array.from({ length: 20 }, (_, index) => index), dimension: 2 });
    const kinds: string[] = [];
    for await (const { kind, data, dimension } of untrainedTables({ sources, rule, packaged, backbone })) {
      kinds.push(`${kind} ${dimension}`);
      expect(data).toHaveLength(10 * dimension);
      if (kind === 'untouched') expect(data[3]).toBeCloseTo(3 / Math.sqrt(13), 6);
      if (kind === 'packaged')
        expect([...data.slice(0, 9)]).toEqual([...(await packaged.embedImage(sources[0]))].slice(0, 9));
    }
    expect(kinds).toEqual(['rawPixels 768', 'hog 324', `packaged ${packaged.dimension}`, 'untouched 2']);
    await packaged.close();
    const alone: string[] = [];
    for await (const { kind } of untrainedTables({ sources, rule })) alone.push(kind);
    expect(alone).toEqual(['rawPixels', 'hog']);
  });
});

describe('untouchedFeatures', () => {
  it('is the mean over the places of the cut, whatever a run adds to it or learns of it', async () => {
    const trunk = (cut: string, changes = {}) => trunkOf(mobileNetwork({ size: 16 }), cut, changes);
    // The network pools its last map itself, and flattens that to the vector.
    const pooled = await untouchedFeatures(engine, trunk('vector'), pixels, places);
    expect(pooled.dimension).toBe(16);
    expect(pooled.data).toHaveLength(9 * 16);
    const told: Progress[] = [];
    const changed = trunk('map', { pooling: 'generalized-mean', unit: true, contours: true });
    const found = await untouchedFeatures(engine, changed, pixels, places, { onProgress: (now) => told.push(now) });
    expect(found.dimension).toBe(16);
    for (const [index, value] of found.data.entries()) expect(value).toBeCloseTo(pooled.data[index], 5);
    expect(told.map(({ done, total }) => [done, total])).toEqual([
      [8, 9],
      [9, 9],
    ]);
  });
});
