import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { writeTinyModel } from '../../../test/fixtures/tiny-model.ts';
import { embedByModel } from '../../catalogue/embedding/embed-by-model.ts';
import { loadModel } from '../../catalogue/embedding/embedder.ts';
import { imagePlaces } from '../../pictures/datasets/image-place.ts';
import { hog } from '../../pictures/features/hog.ts';
import { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { loadRelevance } from './load-relevance.ts';
import { parseRelevance, relevanceText } from './relevance-config.ts';
import type { RelevanceConfig } from './relevance-table.ts';

let folder = '';
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'load-relevance-'));
  await writeTinyModel(at('model.onnx'));
});
afterAll(() => rm(folder, { recursive: true }));

const dataset = pixelDataset(evenClasses(3, 5), { size: 32 });
const rule = preprocessingRule(32, 32);
/** Without the first image of each class. */
const places = imagePlaces(dataset).filter((place) => place % 5 !== 0);
const images = { dataset, places, twins: places };

function load(config: RelevanceConfig) {
  return loadRelevance(config, images, {
    categoryLevels: 1,
    seed: 1,
    pixels: new PixelCache(dataset, rule),
    embedByModel,
  });
}

/** `exp(-d / s)` of these features, `s` taken from the first pair. */
function expectFeatureRelevance(between: (a: number, b: number) => number, features: readonly ArrayLike<number>[]) {
  const distance = (a: number, b: number) =>
    Math.hypot(...Array.from(features[a], (value, k) => value - features[b][k]));
  const scale = distance(0, 1) / -Math.log(between(0, 1));
  for (const a of features.keys()) {
    for (let b = 0; b < a; b++) expect(between(a, b)).toBeCloseTo(Math.exp(-distance(a, b) / scale), 6);
  }
}

describe('loadRelevance', () => {
  it('is of features as they are elsewhere: pixels, HOG, a model', async () => {
    const cache = new PixelCache(dataset, rule);
    const pixels = await cache.load(places);
    expectFeatureRelevance(
      (await load({ kind: 'pixels' })).between,
      pixels.map((data) => Float64Array.from(data, (value) => value / 255)),
    );
    expectFeatureRelevance(
      (await load({ kind: 'hog' })).between,
      pixels.map((data) => hog({ width: 32, height: 32, data })),
    );
    const embedder = await loadModel(at('model.onnx'), { threads: 1 });
    const rows = await Promise.all(places.map((place) => embedder.embedImage(dataset.images[place].source)));
    await embedder.close();
    expectFeatureRelevance((await load({ kind: 'model', file: at('model.onnx') })).between, rows);
  });

  it('is refused by a model where nothing embeds by one', async () => {
    const options = { categoryLevels: 1, seed: 1, pixels: new PixelCache(dataset, rule) };
    await expect(loadRelevance({ kind: 'model', file: 'm.onnx' }, images, options)).rejects.toThrow(
      "relevance by the model 'm.onnx' needs something that embeds by it: give 'embedByModel'",
    );
  });

  it.each<RelevanceConfig>([{ kind: 'labels', decay: 0.1 }, { kind: 'pixels' }, { kind: 'colour' }, { kind: 'hog' }])(
    'has categories and totals: %j',
    async (config) => {
      const { categories, totals, between, estimatedTotals } = await load(config);
      expect([...categories]).toEqual(places.map((place) => Math.floor(place / 5)));
      expect(estimatedTotals).toBe(0);
      for (const [a] of places.entries()) {
        const others = [...places.keys()].filter((b) => b !== a && categories[b] === categories[a]);
        expect(totals[a]).toBeCloseTo(
          others.reduce((sum, b) => sum + between(a, b), 0),
          9,
        );
      }
    },
  );

  it('reads pairs and metadata from files', async () => {
    await writeFile(at('pairs.csv'), 'image,other,score\n0/1.png,0/2.png,0.25\n');
    expect((await load({ kind: 'pairs', file: at('pairs.csv') })).between(0, 1)).toBe(0.25);
    await writeFile(at('tags.csv'), 'image,tag\n0/1.png,a\n0/2.png,a;b\n');
    const metadata = await load({ kind: 'metadata', file: at('tags.csv') });
    expect(metadata.between(0, 1)).toBe(0.5);
    expect([...metadata.totals.slice(0, 3)]).toEqual([0.5, 0.5, 0]);
  });
});

describe('parseRelevance', () => {
  it.each<[string, RelevanceConfig]>([
    ['labels', { kind: 'labels', decay: 0.1 }],
    ['labels:0.5', { kind: 'labels', decay: 0.5 }],
    ['hog', { kind: 'hog' }],
    ['pairs:a:b.csv', { kind: 'pairs', file: path.resolve('a:b.csv') }],
    ['metadata:/tags.csv', { kind: 'metadata', file: path.resolve('/tags.csv') }],
    ['model:run/model.onnx', { kind: 'model', file: path.resolve('run/model.onnx') }],
  ])('reads %s, and writes it so that it reads the same', (text, config) => {
    expect(parseRelevance(text)).toEqual(config);
    expect(parseRelevance(relevanceText(config))).toEqual(config);
  });

  it.each([
    ['labels:0', 'the decay of a level has to be a number above 0'],
    ['labels:', 'the decay of a level'],
    ['pairs', "relevance 'pairs' lacks its file"],
    ['model:', 'lacks its file'],
    ['hog:8', 'hog takes nothing behind a colon'],
    ['texture', "relevance 'texture' is unknown: it is one of labels"],
    ['color', 'hog or model:<file.onnx>; did you mean colour?'],
  ])('refuses %s', (text, message) => {
    expect(() => parseRelevance(text)).toThrow(message);
  });
});
